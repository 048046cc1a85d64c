import { type LimitState, type QuotaRule, quotaName } from '../limits.ts'
import { type Period, periodAt } from '../period.ts'
import type { QuotaDemand, QuotaGrant } from '../take.ts'

/** What this process knows of a key's quota. */
export interface LocalQuota {
  readonly rule: QuotaRule
  period: Period
  /** As Redis told last; undefined: it has not been asked in this period. */
  used: number | undefined
  /** Spent while Redis was away, and not charged yet. */
  owed: number
  /** The same for requests that carry an id: by their markers each is charged once, whatever was before. */
  owedMarkers: Set<string>
}

/** Markers that one key may owe; further requests with ids are charged as those without. */
const maxMarkers = 1000

export function createLocalQuota(rule: QuotaRule, now: number): LocalQuota {
  return { rule, period: periodAt(rule.refill, now), used: undefined, owed: 0, owedMarkers: new Set() }
}

/** Begins a new period where the last one is over. @param now ms since 1970 */
export function turnQuota(quota: LocalQuota, now: number): void {
  if (now < quota.period.end) return
  Object.assign(quota, createLocalQuota(quota.rule, now))
}

/** Spends one while Redis is away: by what this process knows. */
export function spendAlone(quota: LocalQuota, marker: string | undefined): QuotaGrant['verdict'] {
  if (marker !== undefined && quota.owedMarkers.has(marker)) return 'repeated'
  if (usedOf(quota) >= quota.rule.limit) return 'used up'
  if (marker !== undefined && quota.owedMarkers.size < maxMarkers) quota.owedMarkers.add(marker)
  else quota.owed++
  return 'spent'
}

/** What a question about a quota is for: a request, what is owed, or a request that was let through before. */
export type SpendingMode = 'spend' | 'charge' | 'charge one'

/**
 * Opens a question about a quota; what is owed is charged by it as well.
 * @returns what is asked of Redis, and what its reply, or undefined where there was none, is then passed to
 */
export function openSpending(
  { quota, marker, mode }: { quota: LocalQuota; marker: string | undefined; mode: SpendingMode },
  key: string,
): { demand: QuotaDemand; settle(grant: QuotaGrant | undefined): void } {
  const { owed, period, rule } = quota
  quota.owed = 0
  // What was let through is charged whatever the limit is.
  const limit = mode === 'charge one' ? Number.MAX_SAFE_INTEGER : rule.limit
  return {
    demand: { key, limit, period, owed, spend: mode !== 'charge', marker },
    settle(grant) {
      if (!grant) quota.owed += owed
      else if (grant.endsAt >= quota.period.end) {
        quota.used = grant.used
        // A process whose clock is ahead may have begun the next period already.
        quota.period = { start: period.start, end: grant.endsAt }
      }
    },
  }
}

/** Shows what is left of a quota; undefined where nobody has told. */
export function stateOfQuota(quota: LocalQuota, now: number): LimitState | undefined {
  const { used, period, rule } = quota
  if (used === undefined && usedOf(quota) === 0) return undefined
  const { start, end } = periodAt(rule.refill, period.end - 1)
  return {
    name: quotaName,
    limit: rule.limit,
    remaining: Math.max(0, rule.limit - usedOf(quota)),
    resetSeconds: Math.max(1, Math.ceil((period.end - now) / 1000)),
    windowSeconds: (end - start) / 1000,
  }
}

function usedOf({ used = 0, owed, owedMarkers }: LocalQuota): number {
  return used + owed + owedMarkers.size
}
