import type { LimitState, WindowRule } from '../limits.ts'
import type { WindowDemand, WindowGrant } from '../take.ts'

/** What this process has of a window, and knows of it. Times by a clock that never steps back. */
export interface LocalWindow {
  readonly rule: WindowRule
  /** The end by the clock of Redis, which tells one window from the next; undefined: Redis has told of none. */
  id: number | undefined
  /** Never later than the window's true end, so that no portion outlives its window. */
  endsAt: number
  /** Granted and not used. */
  left: number
  /** What Redis had left for anyone when it last told; 0 lasts until the end. */
  shared: number
  /** The last grant. */
  portion: number
  /** What is asked for next. */
  want: number
  /** What this process let through. */
  taken: number
  /** Of that, what Redis has not heard of. */
  owed: number
}

/** `unknown`: Redis has to be asked. */
export type Taking = 'taken' | 'over' | 'unknown'

/** Smaller portions are not fetched ahead: near the end of a limit they would lie about unused. */
const leastAhead = 4

export function createLocalWindow(rule: WindowRule): LocalWindow {
  return { rule, ...noWindow(rule) }
}

/** The first portion is a hundredth, each further one twice as large: who asks little holds little. */
function noWindow({ limit }: WindowRule) {
  const want = Math.max(1, Math.ceil(limit / 100))
  return { id: undefined, endsAt: 0, left: 0, shared: limit, portion: 0, want, taken: 0, owed: 0 }
}

/** Takes one of each window, or of none. */
export function tryTake(windows: readonly LocalWindow[], now: number): Taking {
  for (const window of windows) if (window.endsAt <= now) Object.assign(window, noWindow(window.rule))
  if (windows.some(isUsedUp)) return 'over'
  if (windows.some(({ left }) => left === 0)) return 'unknown'
  for (const window of windows) {
    window.left--
    window.taken++
  }
  return 'taken'
}

/** Takes one of each window, or of none, while Redis is away: this process counts alone. Call `tryTake` first. */
export function takeAlone(windows: readonly LocalWindow[], now: number): Taking {
  if (windows.some(isUsedUpAlone)) return 'over'
  for (const window of windows) {
    if (window.endsAt <= now) window.endsAt = now + window.rule.windowMs
    if (window.left > 0) window.left--
    else window.owed++
    window.taken++
  }
  return 'taken'
}

/** The windows that have nothing left until they end. */
export function usedUp(windows: readonly LocalWindow[]): LocalWindow[] {
  return windows.filter((window) => isUsedUp(window) || isUsedUpAlone(window))
}

function isUsedUpAlone({ left, taken, rule }: LocalWindow): boolean {
  return left === 0 && taken >= rule.limit
}

function isUsedUp({ left, shared, id }: LocalWindow): boolean {
  return left === 0 && shared === 0 && id !== undefined
}

/** Whether the next portion should be fetched while this one lasts. */
export function runsLow({ left, shared, portion }: LocalWindow): boolean {
  return portion >= leastAhead && left * 4 <= portion && shared > 0
}

/** What is asked of Redis about some windows, and what its reply is then passed to. */
export interface OpenDemand {
  demands: Pick<WindowDemand, 'want' | 'owed' | 'needed'>[]
  /**
   * @param grants undefined where there was no reply
   * @param askedAt when it was asked: each window ends no earlier than so long after that
   * @returns whether the request that asks has one of each window
   */
  settle(grants: readonly WindowGrant[] | undefined, askedAt: number): boolean
}

/**
 * Opens a demand for portions. What the request that asks has already is held for it meanwhile.
 * @param own whether a request asks; else portions are only fetched ahead
 */
export function openDemand(windows: readonly LocalWindow[], own: boolean): OpenDemand {
  const parts = windows.map((window) => openPart(window, own))
  return {
    demands: parts.map(({ demand }) => demand),
    settle(grants, askedAt) {
      const passes = own && parts.every(({ demand }, index) => !demand.needed || (grants?.[index]?.granted ?? 0) > 0)
      const received = passes && grants !== undefined
      for (const [index, part] of parts.entries()) part.settle(grants?.[index], received, askedAt)
      return received
    },
  }
}

function openPart(window: LocalWindow, own: boolean) {
  const held = own && window.left > 0
  const needed = own && !held
  const { owed } = window
  const want = needed || runsLow(window) ? window.want : 0
  window.owed = 0
  if (held) window.left--
  return {
    demand: { want, owed, needed },
    settle(grant: WindowGrant | undefined, passes: boolean, askedAt: number): void {
      if (held && !passes) window.left++
      if (!grant) {
        window.owed += owed
        return
      }
      takeIn(window, grant, askedAt)
      if (!passes) return
      window.taken++
      if (needed) window.left--
    },
  }
}

function takeIn(window: LocalWindow, { granted, left, endsAt, endsInMs }: WindowGrant, askedAt: number): void {
  // What is left of an earlier window is worth nothing in this one.
  if (window.id !== endsAt) Object.assign(window, noWindow(window.rule), { id: endsAt, owed: window.owed })
  window.endsAt = askedAt + endsInMs
  window.left += granted
  window.shared = left
  if (granted === 0) return
  window.portion = granted
  window.want = Math.min(window.want * 2, window.rule.limit)
}

/** Shows what is left of a window, as far as this process knows. */
export function stateOfWindow(window: LocalWindow, now: number): LimitState {
  const { rule, id, left, shared, taken, owed } = window
  const isAlone = id === undefined || owed > 0
  return {
    name: rule.name,
    limit: rule.limit,
    remaining: isAlone ? Math.max(rule.limit - taken, 0) : left + shared,
    resetSeconds: Math.max(0, Math.ceil((window.endsAt - now) / 1000)),
    windowSeconds: rule.windowMs / 1000,
  }
}
