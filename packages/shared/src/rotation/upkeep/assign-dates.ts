import { keyTypes } from '../../keys/kinds.ts'
import { dueAt, type RotationIntervals } from '../../keys/schedule/due-date.ts'
import { apiKeySecrets, apiKeys } from '../../keys/table.ts'
import type { Context } from '../../platform/context.ts'
import { and, eq, gt, isNull, or, sql } from '../../platform/postgres/query.ts'

/** Keys of one type that get a date at once at the most; the next turn takes the rest. */
const perTurn = 1000
/** An older secret is taken to be this old, as a share of the interval: the last tenth is what dates are spread over. */
const overdueShare = 0.9

/**
 * Gives a date to keys that have none, where the environment has an interval for their type and their policy does not
 * say otherwise. Secrets that are overdue come within the first tenth of the interval, and not all at once.
 * @returns how many got one
 */
export async function assignDates({ db, now }: Context, intervals: RotationIntervals): Promise<number> {
  let assigned = 0
  for (const type of keyTypes) {
    const interval = intervals[type]
    if (interval === undefined) continue
    const keys = await db
      .select({ id: apiKeys.id, madeAt: apiKeySecrets.createdAt })
      .from(apiKeys)
      .innerJoin(
        apiKeySecrets,
        and(eq(apiKeySecrets.keyId, apiKeys.id), eq(apiKeySecrets.version, apiKeys.secretVersion)),
      )
      .where(
        and(
          eq(apiKeys.type, type),
          isNull(apiKeys.nextRotationAt),
          isNull(apiKeys.revokedAt),
          or(isNull(apiKeys.expiresAt), gt(apiKeys.expiresAt, new Date(now()))),
          sql`not coalesce(${apiKeys.policy} -> 'rotation' ? 'intervalSeconds', false)`,
        ),
      )
      .limit(perTurn)
    for (const { id, madeAt } of keys) {
      const since = Math.max(madeAt.getTime(), now() - interval * 1000 * overdueShare)
      await db
        .update(apiKeys)
        .set({ nextRotationAt: new Date(dueAt(id, interval, since)) })
        .where(and(eq(apiKeys.id, id), isNull(apiKeys.nextRotationAt)))
    }
    assigned += keys.length
  }
  return assigned
}
