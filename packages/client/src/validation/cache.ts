import { LRUCache } from 'lru-cache'
import type { ValidVerdict } from './verdict.ts'

/** The clocks of a machine, in milliseconds: one that only ever goes on, and the time of day. */
export interface Clocks {
  steady(): number
  day(): number
}

export const machineClocks: Clocks = { steady: () => performance.now(), day: () => Date.now() }

export interface VerdictCache {
  get(name: string): ValidVerdict | undefined
  /** @param askedAt when its request began, by the steady clock: the verdict may be as old as that */
  put(name: string, verdict: ValidVerdict, askedAt: number): void
}

interface Entry {
  verdict: ValidVerdict
  /** By the steady clock. */
  staleAt: number
  /** When the secret stops being good by itself, by the time of day. */
  endsAt: number
}

/** Makes a store of good verdicts. The one that was used least recently gives way. */
export function createVerdictCache(options: { ttlMs: number; maxEntries: number; clocks?: Clocks }): VerdictCache {
  const { ttlMs, maxEntries, clocks = machineClocks } = options
  const entries = new LRUCache<string, Entry>({ max: maxEntries })
  const isGood = ({ staleAt, endsAt }: Entry) => clocks.steady() < staleAt && clocks.day() < endsAt

  return {
    get(name) {
      const entry = entries.get(name)
      if (!entry || isGood(entry)) return entry?.verdict
      entries.delete(name)
      return undefined
    },
    put(name, verdict, askedAt) {
      // Every use of an emergency key raises an alert, and a use that Momentry does not see cannot.
      if (verdict.type === 'emergency') return
      const entry = { verdict, staleAt: askedAt + ttlMs, endsAt: endOf(verdict) }
      if (isGood(entry)) entries.set(name, entry)
    },
  }
}

function endOf({ expiresAt, rotation }: ValidVerdict): number {
  const ends = [expiresAt, rotation?.graceEndsAt].map((time) => (time == null ? Infinity : Date.parse(time)))
  return Math.min(...ends)
}
