import { appendAudit } from '../../audit/append.ts'
import { MomentryError } from '../../errors.ts'
import { cancelJob } from '../../jobs/progress.ts'
import { type Context, type TransactionContext, withTransaction } from '../../platform/context.ts'
import { and, eq, isNull } from '../../platform/postgres/query.ts'
import { lockCredential } from '../credentials/find.ts'
import { integrationEscrow, integrationRotations } from '../table.ts'
import { findRotation, getRotation, lockRotation, lockRotationsOf } from './find.ts'
import type { RotationRow, RotationView } from './view.ts'

/**
 * Gives up a rotation before its credential has switched to the successor; upkeep deletes what was made there. One that
 * is cancelled already stays as it is.
 * @throws MomentryError `ROTATION_NOT_FOUND`; `CONFLICT` where it has switched
 */
export function cancelRotation(context: Context, id: string): Promise<RotationView> {
  return withTransaction(context, async (tx) => {
    const unlocked = await findRotation(tx.db, id)
    await lockCredential(tx, unlocked.system, unlocked.credentialId)
    const rotation = await lockRotation(tx, id)
    if (rotation.switchedAt !== null)
      throw new MomentryError('CONFLICT', `the rotation is ${rotation.state}: the new one has taken over already`)
    if (rotation.state !== 'cancelled') await cancelRow(tx, rotation, 'cancelled by an operator')
    return getRotation(tx, id)
  })
}

/** Gives up a rotation that has not switched. Its credential must be locked. */
export async function cancelRow(tx: TransactionContext, rotation: RotationRow, why: string): Promise<void> {
  const at = new Date(tx.now())
  await tx.db
    .update(integrationRotations)
    // Nobody holds it any more, so that upkeep looks at once for what it made.
    .set({ state: 'cancelled', error: why, enqueuedAt: null, finishedAt: at, updatedAt: at })
    .where(eq(integrationRotations.id, rotation.id))
  await tx.db.delete(integrationEscrow).where(eq(integrationEscrow.rotationId, rotation.id))
  await cancelJob(tx.db, rotation.jobId, tx.now())
  const { id, credentialId, system } = rotation
  await appendAudit(tx, {
    action: 'credential.rotation-cancelled',
    reason: why,
    before: { rotationId: id, state: rotation.state },
    after: { rotationId: id, credentialId, system, state: 'cancelled' },
  })
}

/** Gives up what failed before it switched, so that upkeep removes what it made. The credential must be locked. */
export async function cancelFailed(
  tx: TransactionContext,
  of: { system: string; credentialId: string },
  why: string,
): Promise<void> {
  const { state, switchedAt } = integrationRotations
  const failed = await lockRotationsOf(tx, of, and(eq(state, 'failed'), isNull(switchedAt)))
  for (const rotation of failed) await cancelRow(tx, rotation, why)
}
