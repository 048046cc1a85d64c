import { appendAudit } from '../audit/append.ts'
import { MomentryError } from '../errors.ts'
import { cancelJob } from '../jobs/progress.ts'
import { refuseLesserActor } from '../keys/authority.ts'
import { lockKey } from '../keys/get.ts'
import { type Context, type TransactionContext, withTransaction } from '../platform/context.ts'
import { eq } from '../platform/postgres/query.ts'
import { findRotation, lockRotation } from './read/select.ts'
import { type RotationView, viewRotation } from './read/view.ts'
import { apiKeyRotations } from './table.ts'

/**
 * Cancels a rotation that is queued; one that is cancelled already stays as it is.
 * @throws MomentryError `ROTATION_NOT_FOUND`; `CONFLICT` where it runs or is over; `SCOPE_NOT_HELD` for that of a system
 *   key, by an actor who holds less
 */
export function cancelRotation(context: Context, id: string): Promise<RotationView> {
  return withTransaction(context, async (tx) => {
    const { rotation: unlocked } = await findRotation(tx.db, id)
    refuseLesserActor(tx.actor.scopes, await lockKey(tx, unlocked.keyId))
    const row = await lockRotation(tx, id)
    if (row.rotation.state === 'cancelled') return viewRotation(row, tx.now())
    if (row.rotation.state !== 'queued')
      throw new MomentryError(
        'CONFLICT',
        `the rotation is ${row.rotation.state}: only one that is queued can be cancelled`,
      )
    await cancelUnderWay(tx, row.rotation, 'cancelled by an operator')
    return viewRotation(await findRotation(tx.db, id), tx.now())
  })
}

/** Ends a rotation that is queued or running before it has done anything. Its key must be locked. */
export async function cancelUnderWay(
  tx: TransactionContext,
  rotation: Pick<typeof apiKeyRotations.$inferSelect, 'id' | 'keyId' | 'jobId'>,
  why: string,
): Promise<void> {
  const at = new Date(tx.now())
  await tx.db
    .update(apiKeyRotations)
    .set({ state: 'cancelled', error: why, finishedAt: at, updatedAt: at })
    .where(eq(apiKeyRotations.id, rotation.id))
  await cancelJob(tx.db, rotation.jobId, tx.now())
  await appendAudit(tx, {
    action: 'rotation.cancelled',
    keyId: rotation.keyId,
    reason: why,
    after: { rotationId: rotation.id, state: 'cancelled' },
  })
}
