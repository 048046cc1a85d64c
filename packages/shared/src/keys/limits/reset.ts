import { appendAudit } from '../../audit/append.ts'
import { clearCounts } from '../../limits/counts.ts'
import { prepareLimits } from '../../limits/limits.ts'
import { type Context, withTransaction } from '../../platform/context.ts'
import { eq } from '../../platform/postgres/query.ts'
import type { RedisClient } from '../../platform/redis/client.ts'
import type { Names } from '../../platform/redis/names.ts'
import { refuseLesserActor } from '../authority.ts'
import { recordChange } from '../changes/record.ts'
import { lockKey } from '../get.ts'
import { apiKeys } from '../table.ts'

/**
 * Lets a key begin anew: nothing counts as used, and nothing slows it down any more. The change that is told makes every
 * process forget what it knows of the key.
 * @throws MomentryError `KEY_NOT_FOUND`; `SCOPE_NOT_HELD` for a system key, by an actor who holds less; what Redis throws
 * where it is away: then nothing was changed
 */
export function resetLimits(context: Context, deps: { redis: RedisClient; names: Names }, id: string): Promise<void> {
  return withTransaction(context, async (tx) => {
    const { policy, throttledUntil, ...row } = await lockKey(tx, id)
    refuseLesserActor(tx.actor.scopes, row)
    if (throttledUntil) await tx.db.update(apiKeys).set({ throttledUntil: null }).where(eq(apiKeys.id, id))
    await recordChange(tx, id)
    const limits = prepareLimits(policy, tx.now())
    await clearCounts(deps, { keyId: id, windows: limits?.throttled?.windows ?? [] })
    await appendAudit(tx, {
      action: 'key.limits-reset',
      keyId: id,
      before: { throttledUntil },
      after: { throttledUntil: null },
    })
  })
}
