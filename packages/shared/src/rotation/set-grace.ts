import { appendAudit } from '../audit/append.ts'
import { MomentryError } from '../errors.ts'
import { refuseLesserActor, refuseUnheld } from '../keys/authority.ts'
import { recordChange } from '../keys/changes/record.ts'
import { lockKey } from '../keys/get.ts'
import { apiKeySecrets } from '../keys/table.ts'
import { type Context, withTransaction } from '../platform/context.ts'
import { and, eq } from '../platform/postgres/query.ts'
import { escrowEnd } from './escrow/deposit.ts'
import { changeGraceEnd } from './grace.ts'
import { findRotation, lockRotation } from './read/select.ts'
import { type RotationView, viewRotation } from './read/view.ts'
import type { ChangeGraceInput } from './schemas.ts'
import { apiKeyEscrow, apiKeyRotations } from './table.ts'

/**
 * Ends the grace of a rotation early, or lengthens it up to the type's own; the escrow's time moves with it.
 * @throws MomentryError `ROTATION_NOT_FOUND`; `GRACE_OVER` where it is over already; `CONFLICT` where the rotation is not
 *   completed; `KEY_REVOKED`; `SCOPE_NOT_HELD` for a longer grace, by an actor who does not hold all that the key holds
 */
export function setGrace(context: Context, rotationId: string, input: ChangeGraceInput): Promise<RotationView> {
  return withTransaction(context, async (tx) => {
    const { rotation: unlocked } = await findRotation(tx.db, rotationId)
    const key = await lockKey(tx, unlocked.keyId)
    const { rotation } = await lockRotation(tx, rotationId)
    if (key.revokedAt) throw new MomentryError('KEY_REVOKED', 'a revoked key has no grace')
    refuseLesserActor(tx.actor.scopes, key)
    const now = tx.now()
    const { state, finishedAt, graceEndsAt, fromVersion } = rotation
    if (state !== 'completed' || !finishedAt || !graceEndsAt || fromVersion === null)
      throw new MomentryError('CONFLICT', `the rotation is ${state}: it has no grace`)
    const expiresAt = key.expiresAt?.getTime()
    const times = { supersededAt: finishedAt.getTime(), endsAt: graceEndsAt.getTime() }
    const lifeEnds = [expiresAt, rotation.fromExpiresAt?.getTime()].filter((end) => end !== undefined)
    const running = { type: key.type, ...times, expiresAt: lifeEnds.length > 0 ? Math.min(...lifeEnds) : undefined }
    const changed = changeGraceEnd(running, input.graceSeconds, now)
    if (changed === undefined) throw new MomentryError('GRACE_OVER', 'the grace is over, and a dead secret stays dead')
    // To let a secret live longer is to grant its scopes for longer.
    if (changed > times.endsAt) refuseUnheld(tx.actor.scopes, key.scopes)

    const end = new Date(changed)
    await tx.db
      .update(apiKeyRotations)
      // Of a longer grace, people are told anew.
      .set({ graceEndsAt: end, updatedAt: new Date(now), ...(changed > times.endsAt && { unclaimedTold: 0 }) })
      .where(eq(apiKeyRotations.id, rotationId))
    await tx.db
      .update(apiKeySecrets)
      .set({ graceEndsAt: end, ...(changed <= now && { claimable: false }) })
      .where(and(eq(apiKeySecrets.keyId, key.id), eq(apiKeySecrets.version, fromVersion)))
    await tx.db
      .update(apiKeyEscrow)
      .set({ expiresAt: new Date(escrowEnd(changed, expiresAt, now)) })
      .where(eq(apiKeyEscrow.rotationId, rotationId))
    await recordChange(tx, key.id)
    await appendAudit(tx, {
      action: 'rotation.grace-changed',
      keyId: key.id,
      before: { rotationId, graceEndsAt },
      after: { rotationId, graceEndsAt: end },
    })
    return viewRotation(await findRotation(tx.db, rotationId), now)
  })
}
