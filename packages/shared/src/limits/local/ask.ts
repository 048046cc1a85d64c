import type { Clock } from '../../platform/clock.ts'
import type { RedisClient } from '../../platform/redis/client.ts'
import type { Names } from '../../platform/redis/names.ts'
import { quotaKey, windowKey } from '../keys.ts'
import { type QuotaGrant, takeFromRedis } from '../take.ts'
import type { KeyState } from './key-state.ts'
import { type LocalQuota, openSpending, type SpendingMode } from './quota.ts'
import { type LocalWindow, openDemand } from './window.ts'

/** A request's wish to spend of a quota. */
export interface Spending {
  quota: LocalQuota
  /** Where the request carries an id. */
  marker: string | undefined
}

/** What came of a request that asked. */
interface Reply {
  /** It has one of each window. */
  passes: boolean
  spent: QuotaGrant | undefined
}

export interface AskerDeps {
  redis: RedisClient
  names: Names
  /** Milliseconds: a clock that never steps back. */
  steady: Clock
  onFailure(error: unknown): void
}

interface Question {
  windows: readonly LocalWindow[]
  /** A request waits for one of each window; else portions are only fetched ahead. */
  own: boolean
  spending?: (Spending & { mode: SpendingMode }) | undefined
}

/** Makes what asks Redis about a key, and takes its replies in. Nothing of it throws: a failure is told to `onFailure`. */
export function createAsker({ redis, names, steady, onFailure }: AskerDeps) {
  /** @returns undefined where there was no reply; all is as before then */
  const ask = async ({ keyId }: KeyState, { windows, own, spending }: Question): Promise<Reply | undefined> => {
    const askedAt = steady()
    const open = openDemand(windows, own)
    const opened = spending && openSpending(spending, quotaKey(names, keyId, spending.quota.rule.refill))
    const demands = windows.map(({ rule }, index) => ({
      ...{ key: windowKey(names, keyId, rule), limit: rule.limit, windowMs: rule.windowMs },
      ...(open.demands[index] ?? { want: 0, owed: 0, needed: false }),
    }))
    const reply = await takeFromRedis(redis, demands, opened?.demand).catch((error: unknown): undefined => {
      onFailure(error)
    })
    const passes = open.settle(reply?.windows, askedAt)
    opened?.settle(reply?.quota)
    return reply && { passes, spent: reply.quota }
  }

  /** Asks for portions; who else needs some waits for these. */
  const fetch = (state: KeyState, question: Question): Promise<Reply | undefined> => {
    const fetching = ask(state, question).finally(() => {
      state.fetching = undefined
    })
    state.fetching = fetching
    return fetching
  }

  return {
    /** Fetches portions for a request, takes one of each for it, and spends of the quota if it has them. */
    pass: (state: KeyState, windows: readonly LocalWindow[], spending: Spending | undefined) =>
      fetch(state, { windows, own: true, spending: spending && { ...spending, mode: 'spend' } }),

    /** Fetches portions that nobody waits for yet. */
    fetchAhead: (state: KeyState, windows: readonly LocalWindow[]) => void fetch(state, { windows, own: false }),

    async spend(state: KeyState, spending: Spending): Promise<QuotaGrant | undefined> {
      return (await ask(state, { windows: [], own: false, spending: { ...spending, mode: 'spend' } }))?.spent
    },

    /** Charges what a key owes. */
    async charge(state: KeyState): Promise<void> {
      const { quota } = state
      const windows = [...state.windows.values()].filter(({ owed, endsAt }) => owed > 0 && endsAt > steady())
      const owed = quota && { quota, marker: undefined, mode: 'charge' as const }
      if (!(await ask(state, { windows, own: false, spending: owed })) || !quota) return
      for (const marker of quota.owedMarkers) {
        const spending = { quota, marker, mode: 'charge one' as const }
        if (!(await ask(state, { windows: [], own: false, spending }))) return
        quota.owedMarkers.delete(marker)
      }
    },
  }
}
