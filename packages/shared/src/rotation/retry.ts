import { appendAudit } from '../audit/append.ts'
import { MomentryError } from '../errors.ts'
import { requeueJob } from '../jobs/progress.ts'
import { getJob } from '../jobs/read/get.ts'
import type { JobView } from '../jobs/read/view.ts'
import { refuseLesserActor } from '../keys/authority.ts'
import { lockKey } from '../keys/get.ts'
import { type Context, type TransactionContext, withTransaction } from '../platform/context.ts'
import { and, eq, inArray } from '../platform/postgres/query.ts'
import type { Announce } from './queue.ts'
import { lockRotation } from './read/select.ts'
import { refuseInGrace } from './request.ts'
import { underWayStates } from './states.ts'
import { apiKeyRotations } from './table.ts'

/**
 * Has a failed job of a rotation tried again, with all of its attempts before it.
 * @throws MomentryError `JOB_NOT_FOUND`; `CONFLICT` where it has not failed, or belongs to work that comes round by
 *   itself; `ROTATION_IN_PROGRESS` where another rotation of the key is under way
 */
export function retryJob(context: Context, { announce }: { announce: Announce }, jobId: string): Promise<JobView> {
  return withTransaction(context, async (tx) => {
    const [found] = await tx.db
      .select({ id: apiKeyRotations.id, keyId: apiKeyRotations.keyId })
      .from(apiKeyRotations)
      .where(eq(apiKeyRotations.jobId, jobId))
    const job = await getJob(tx, jobId)
    if (!found) throw new MomentryError('CONFLICT', 'this work comes round by itself; it is not tried again by hand')
    refuseLesserActor(tx.actor.scopes, await lockKey(tx, found.keyId))
    const { rotation } = await lockRotation(tx, found.id)
    if (!(await requeueJob(tx.db, jobId, tx.now())))
      throw new MomentryError('CONFLICT', `the job is ${job.state}: only one that failed is tried again`)
    const isOver = rotation.state === 'failed'
    if (isOver) await requeueRotation(tx, rotation)
    await appendAudit(tx, {
      action: 'rotation.retried',
      keyId: found.keyId,
      before: { rotationId: found.id, state: rotation.state },
      after: { rotationId: found.id, jobId, state: isOver ? 'queued' : rotation.state },
    })
    tx.afterCommit(() => announce())
    return getJob(tx, jobId)
  })
}

/** A failed rotation waits again, unless one that came after it is not over. */
async function requeueRotation(
  tx: TransactionContext,
  { id, keyId, kind }: typeof apiKeyRotations.$inferSelect,
): Promise<void> {
  const isUnderWay = and(eq(apiKeyRotations.keyId, keyId), inArray(apiKeyRotations.state, underWayStates))
  const [other] = await tx.db.select({ id: apiKeyRotations.id }).from(apiKeyRotations).where(isUnderWay)
  if (other) throw new MomentryError('ROTATION_IN_PROGRESS', 'another rotation of this key is under way')
  if (kind !== 'forced') await refuseInGrace(tx, keyId)
  await tx.db
    .update(apiKeyRotations)
    .set({ state: 'queued', finishedAt: null, enqueuedAt: null, updatedAt: new Date(tx.now()) })
    .where(eq(apiKeyRotations.id, id))
}
