import type { Clock } from '../platform/clock.ts'
import type { Logger } from '../platform/process/log.ts'
import type { RedisClient } from '../platform/redis/client.ts'
import type { Names } from '../platform/redis/names.ts'
import { markerKey } from './keys.ts'
import { type KeyLimits, type LimitOutcome, type LimitState, quotaName, windowsAt } from './limits.ts'
import { createAsker, type Spending } from './local/ask.ts'
import { createKeyStates, type KeyState, quotaOf, windowsOf } from './local/key-state.ts'
import { type LocalQuota, spendAlone, stateOfQuota } from './local/quota.ts'
import { runsLow, stateOfWindow, takeAlone, tryTake, usedUp } from './local/window.ts'
import { watchReach } from './reach.ts'
import type { QuotaGrant } from './take.ts'

/** A request with a key that has limits. */
export interface LimitQuestion {
  keyId: string
  limits: KeyLimits
  /** The same for a request that is sent again: within 24 h it spends of the quota once. */
  requestId?: string | undefined
}

/** Counts requests of keys against their limits, over all processes. */
export interface Limiter {
  /** Takes one of each window and spends one of the quota, where there is room in all of them. Never throws. */
  take(question: LimitQuestion): Promise<LimitOutcome>
  /** A key changed: what is held of its windows is given up. */
  drop(keyId: string): void
  /** Charges what is owed, where Redis can be reached. */
  close(): Promise<void>
}

export interface LimiterDeps {
  redis: RedisClient
  names: Names
  log: Logger
  now: Clock
  /** Milliseconds, for the lengths of windows: a clock that never steps back. */
  steady?: Clock
}

/**
 * Makes the counting of docs/limits.md: this process reserves portions of a key's windows from Redis and serves requests
 * from them, so most requests ask nobody, and the sum of all portions is never above a limit. A quota is spent in Redis,
 * one request at a time. While Redis is away each process counts by itself, and what it let through is charged later.
 */
export function createLimiter(deps: LimiterDeps): Limiter {
  const { names, now, steady = () => performance.now() } = deps
  const states = createKeyStates()
  const reach = watchReach(deps, () => void charge())
  const asker = createAsker({ ...deps, steady, onFailure: reach.report })

  const charge = async () => {
    for (const state of states.owing()) {
      if (reach.isAway()) return
      await asker.charge(state)
    }
  }

  /** @returns undefined where it has to be tried again, now that more is known */
  const tryWindows = async (question: LimitQuestion, state: KeyState, spending: Spending | undefined) => {
    const windows = windowsOf(state, windowsAt(question.limits, now()))
    const at = steady()
    const taking = tryTake(windows, at)
    if (taking === 'taken' && !state.fetching && !reach.isAway() && windows.some(runsLow))
      asker.fetchAhead(state, windows)
    if (taking !== 'unknown') return { windows, taking, spent: undefined }
    if (reach.isAway()) return { windows, taking: takeAlone(windows, at), spent: undefined }
    if (state.fetching) return void (await state.fetching)
    const reply = await asker.pass(state, windows, spending)
    return reply && { windows, taking: reply.passes ? 'taken' : 'over', spent: reply.spent }
  }

  /** Takes one of each window: from what is at hand, from Redis, or alone. */
  const passWindows = async (question: LimitQuestion, state: KeyState, spending: Spending | undefined) => {
    for (;;) {
      const passed = await tryWindows(question, state, spending)
      if (passed) return passed
    }
  }

  const spend = async (state: KeyState, spending: Spending): Promise<QuotaGrant['verdict']> => {
    const grant = reach.isAway() ? undefined : await asker.spend(state, spending)
    return grant?.verdict ?? spendAlone(spending.quota, spending.marker)
  }

  return {
    async take(question) {
      const { keyId, limits, requestId } = question
      const state = states.of(keyId)
      const quota = limits.quota && quotaOf(state, limits.quota, now())
      const marker = requestId === undefined ? undefined : markerKey(names, keyId, requestId)
      const spending = quota && { quota, marker }
      const passed = await passWindows(question, state, spending)
      const show = () => [
        ...passed.windows.map((window) => stateOfWindow(window, steady())),
        ...showQuota(quota, now()),
      ]
      if (passed.taking === 'over') return refuse('RATE_LIMITED', show(), usedUp(passed.windows).map(nameOf))
      const verdict = spending && (passed.spent?.verdict ?? (await spend(state, spending)))
      if (verdict === 'used up') return refuse('QUOTA_EXCEEDED', show(), [quotaName])
      return { refused: undefined, violated: [], states: show(), retryAfterSeconds: undefined }
    },
    drop: (keyId) => states.forget(keyId),
    async close() {
      if (!reach.isAway()) await charge()
      reach.close()
    },
  }
}

function showQuota(quota: LocalQuota | undefined, now: number): LimitState[] {
  const state = quota && stateOfQuota(quota, now)
  return state ? [state] : []
}

function refuse(refused: LimitOutcome['refused'], states: readonly LimitState[], violated: string[]): LimitOutcome {
  const waits = states.filter(({ name }) => violated.includes(name)).map(({ resetSeconds }) => resetSeconds)
  return { refused, violated, states, retryAfterSeconds: Math.max(1, ...waits) }
}

const nameOf = ({ rule }: { rule: { name: string } }) => rule.name
