import { z } from 'zod'
import { appendAudit } from '../../audit/append.ts'
import { MomentryError } from '../../errors.ts'
import { type Context, type TransactionContext, withTransaction } from '../../platform/context.ts'
import { eq } from '../../platform/postgres/query.ts'
import { escrowEnd } from '../../rotation/escrow/deposit.ts'
import { changeGraceEnd } from '../../rotation/grace.ts'
import type { Announce } from '../../rotation/queue.ts'
import { lockCredential } from '../credentials/find.ts'
import { graceSecondsSchema } from '../policy.ts'
import { integrationEscrow, integrationRotations } from '../table.ts'
import { findRotation, getRotation, lockRotation } from './find.ts'
import type { RotationRow, RotationView } from './view.ts'

export const changeCredentialGraceSchema = z
  .strictObject({
    graceSeconds: graceSecondsSchema.meta({ description: 'The whole grace, counted from the switch; 0 ends it now' }),
  })
  .meta({ id: 'ChangeCredentialGrace' })

/**
 * Ends the grace of the old credential early, or lengthens it up to 24 h.
 * @throws MomentryError `ROTATION_NOT_FOUND`; `GRACE_OVER` where it is over already; `CONFLICT` where there is none
 */
export function setGrace(
  context: Context,
  { announce }: { announce: Announce },
  id: string,
  { graceSeconds }: { graceSeconds: number },
): Promise<RotationView> {
  return withTransaction(context, async (tx) => {
    const unlocked = await findRotation(tx.db, id)
    const credential = await lockCredential(tx, unlocked.system, unlocked.credentialId)
    const rotation = await lockRotation(tx, id)
    const { state, switchedAt, graceEndsAt } = rotation
    if (state === 'completed') throw new MomentryError('GRACE_OVER', 'the grace is over, and the old one is deleted')
    if (state !== 'draining' || !switchedAt || !graceEndsAt)
      throw new MomentryError('CONFLICT', `the rotation is ${state}: it has no grace`)
    const times = { supersededAt: switchedAt.getTime(), endsAt: graceEndsAt.getTime() }
    const grace = { type: 'integration', ...times, expiresAt: credential.expiresAt?.getTime() } as const
    const end = changeGraceEnd(grace, graceSeconds, tx.now())
    if (end === undefined) throw new MomentryError('GRACE_OVER', 'the grace is over: the old one is being deleted')
    await endGrace(tx, rotation, end)
    tx.afterCommit(() => announce())
    return getRotation(tx, id)
  })
}

/** Sets when the old credential of a rotation that drains is deleted. Both must be locked. @param end ms */
export async function endGrace(tx: TransactionContext, rotation: RotationRow, end: number): Promise<void> {
  const now = tx.now()
  const at = new Date(end)
  const isLonger = rotation.graceEndsAt !== null && end > rotation.graceEndsAt.getTime()
  await tx.db
    .update(integrationRotations)
    // Of a longer grace, people are told anew.
    .set({ graceEndsAt: at, wakesAt: at, updatedAt: new Date(now), ...(isLonger && { unclaimedTold: 0 }) })
    .where(eq(integrationRotations.id, rotation.id))
  await tx.db
    .update(integrationEscrow)
    .set({ expiresAt: new Date(escrowEnd(end, undefined, now)) })
    .where(eq(integrationEscrow.rotationId, rotation.id))
  await appendAudit(tx, {
    action: 'credential.grace-changed',
    before: { rotationId: rotation.id, graceEndsAt: rotation.graceEndsAt },
    after: { rotationId: rotation.id, graceEndsAt: at },
  })
}
