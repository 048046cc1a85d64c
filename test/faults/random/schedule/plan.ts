import type { Random } from '@momentry/shared/demo/random.ts'
import type { StoreName } from '../system/slot.ts'

/** Something that goes wrong, for so long. A slot is named by its place in the fleet. */
export type Fault = { ms: number } & (
  | { kind: 'kill' | 'drain' | 'freeze'; slot: number }
  | { kind: 'clock'; slot: number; shiftMs: number }
  | { kind: 'cut' | 'refuse' | 'frozen' | 'deaf'; slot: number; store: StoreName }
  | { kind: 'delay'; slot: number; store: StoreName; delayMs: number }
  | { kind: 'slow'; slot: number; store: StoreName; bytesPerSecond: number }
  | { kind: 'kill-store' | 'stop-store'; store: StoreName }
  | { kind: 'fill-disk' | 'fill-memory' }
)

/** Faults that begin together. */
export type Round = readonly Fault[]

export interface PlanOptions {
  slots: number
  /** Stores that may be stopped. */
  stoppable: readonly StoreName[]
  canFillDisk: boolean
  /** No fault lasts longer; some last a few milliseconds. */
  longestMs: number
}

type Kind = Fault['kind']

/** How often each comes, by comparison. */
const weights: readonly (readonly [Kind, number])[] = [
  ['kill', 6],
  ['drain', 2],
  ['freeze', 4],
  ['clock', 3],
  ['cut', 4],
  ['refuse', 2],
  ['frozen', 4],
  ['deaf', 4],
  ['delay', 2],
  ['slow', 2],
  ['kill-store', 4],
  ['stop-store', 3],
  ['fill-disk', 2],
  ['fill-memory', 2],
]

/** Apis and alerters may be wrong about the time by minutes; a worker's clock tells it how long a key has been silent. */
const shiftsMs = [-600_000, -20_000, -1500, 1500, 20_000, 600_000]
const workersShiftMs = 20_000

/** What a fault needs for itself, so that two of a round do not undo each other. */
function placesOf(fault: Fault): string[] {
  if ('slot' in fault) {
    if ('store' in fault) return [`${fault.slot} ${fault.store}`]
    return [fault.kind === 'clock' ? `${fault.slot} clock` : String(fault.slot)]
  }
  if ('store' in fault) return [fault.store]
  return fault.kind === 'fill-disk' ? ['redis', 'postgres'] : ['redis']
}

/**
 * Gives the rounds of a run, one after the other, without an end: the same for the same seed. A process that is asked to
 * drain is not hurt meanwhile, since it has to end well.
 * @param isWorker tells of a slot whether a worker is there
 */
export function* planRounds(
  random: Random,
  options: PlanOptions,
  isWorker: (slot: number) => boolean,
): Generator<Round> {
  const kinds = kindsOf(options)
  for (;;) {
    const wanted = Array.from({ length: random.pick([1, 1, 2, 2, 3]) }, () =>
      draw(random, random.pick(kinds), options, isWorker),
    )
    yield together(wanted)
  }
}

/** Leaves out what cannot go wrong beside what comes before it. */
function together(wanted: readonly Fault[]): Round {
  const [first] = wanted
  if (first?.kind === 'drain') return [first]
  const taken = new Set<string>()
  return wanted.filter((fault) => {
    const places = placesOf(fault)
    if (fault.kind === 'drain' || places.some((place) => taken.has(place))) return false
    for (const place of places) taken.add(place)
    return true
  })
}

/** Every kind that is possible, as often as its weight says. */
function kindsOf({ stoppable, canFillDisk }: PlanOptions): Kind[] {
  const isPossible = (kind: Kind) => {
    if (kind === 'fill-disk') return canFillDisk
    return stoppable.length > 0 || !(kind === 'kill-store' || kind === 'stop-store')
  }
  return weights.flatMap(([kind, weight]) => (isPossible(kind) ? new Array<Kind>(weight).fill(kind) : []))
}

function draw(random: Random, kind: Kind, options: PlanOptions, isWorker: (slot: number) => boolean): Fault {
  const slot = random.integer(0, options.slots - 1)
  const store = random.pick(['redis', 'postgres'] as const)
  // Most are short, some as long as may be.
  const ms = random.integer(20, random.pick([options.longestMs / 4, options.longestMs / 2, options.longestMs]))
  switch (kind) {
    case 'clock': {
      const shifts = shiftsMs.filter((shift) => !isWorker(slot) || Math.abs(shift) <= workersShiftMs)
      return { kind, ms, slot, shiftMs: random.pick(shifts) }
    }
    case 'delay':
      return { kind, ms, slot, store, delayMs: random.integer(5, 400) }
    case 'slow':
      return { kind, ms, slot, store, bytesPerSecond: random.pick([2_000, 20_000, 200_000]) }
    case 'cut':
    case 'refuse':
    case 'frozen':
    case 'deaf':
      return { kind, ms, slot, store }
    case 'kill-store':
    case 'stop-store':
      return { kind, ms, store: random.pick(options.stoppable) }
    case 'fill-disk':
    case 'fill-memory':
      return { kind, ms }
    default:
      return { kind, ms, slot }
  }
}
