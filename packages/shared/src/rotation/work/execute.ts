import { appendAudit } from '../../audit/append.ts'
import { recordChange } from '../../keys/changes/record.ts'
import { lockKey } from '../../keys/get.ts'
import { dueAt, type RotationIntervals, rotationInterval } from '../../keys/schedule/due-date.ts'
import { makeSecret } from '../../keys/secret.ts'
import { apiKeySecrets, apiKeys } from '../../keys/table.ts'
import { type KeyRow, statusOf } from '../../keys/view.ts'
import { type Context, type TransactionContext, withTransaction } from '../../platform/context.ts'
import { and, eq, gt } from '../../platform/postgres/query.ts'
import type { Seal } from '../../platform/seal.ts'
import { cancelUnderWay } from '../cancel.ts'
import { burn } from '../escrow/burn.ts'
import { depositSecret, escrowEnd } from '../escrow/deposit.ts'
import { graceEnd } from '../grace.ts'
import { findRotation, lockRotation } from '../read/select.ts'
import { refuseInGrace } from '../request.ts'
import { type RotationState, underWayStates } from '../states.ts'
import { apiKeyEscrow, apiKeyRotations } from '../table.ts'

type Rotation = typeof apiKeyRotations.$inferSelect

export interface ExecuteDeps {
  seal: Seal
  intervals: RotationIntervals
}

/**
 * Does a rotation, whole or not at all: locks the key, mints the next secret, ends the old one, puts the successor into
 * escrow. Harmless where it is done already, by whomever. A key that died meanwhile cancels its rotation.
 * @returns the state in which the rotation is now
 */
export function executeRotation(
  context: Context,
  deps: ExecuteDeps,
  rotationId: string,
): Promise<{ state: RotationState }> {
  return withTransaction(context, async (tx) => {
    const { rotation: unlocked } = await findRotation(tx.db, rotationId)
    const key = await lockKey(tx, unlocked.keyId)
    const { rotation } = await lockRotation(tx, rotationId)
    if (!underWayStates.includes(rotation.state)) return { state: rotation.state }
    const status = statusOf(key, tx.now())
    if (status === 'revoked' || status === 'expired') {
      await cancelUnderWay(tx, rotation, `the key is ${status}`)
      return { state: 'cancelled' }
    }
    await replaceSecret(tx, deps, key, rotation)
    return { state: 'completed' }
  })
}

async function replaceSecret(
  tx: TransactionContext,
  { seal, intervals }: ExecuteDeps,
  key: KeyRow,
  rotation: Rotation,
): Promise<void> {
  const now = tx.now()
  const at = new Date(now)
  const fromVersion = key.secretVersion
  const toVersion = fromVersion + 1
  const made = makeSecret(key.type)
  const intervalSeconds = rotationInterval(key, intervals)
  const expiresAt = key.expiresAt?.getTime()
  const endsAt = graceEnd(
    {
      type: key.type,
      policySeconds: key.policy.rotation?.graceSeconds,
      requestedSeconds: rotation.graceSeconds ?? undefined,
      intervalSeconds,
      forced: rotation.kind === 'forced',
      expiresAt,
    },
    now,
  )
  if (rotation.kind !== 'forced') await refuseInGrace(tx, key.id)
  await endEarlier(tx, key.id)
  await tx.db
    .update(apiKeySecrets)
    .set({ supersededAt: at, graceEndsAt: new Date(endsAt), claimable: endsAt > now, awaitsFirstUse: false })
    .where(and(eq(apiKeySecrets.keyId, key.id), eq(apiKeySecrets.version, fromVersion)))
  await tx.db.insert(apiKeySecrets).values({
    keyId: key.id,
    version: toVersion,
    digest: made.digest,
    hint: made.hint,
    createdAt: at,
    rotationId: rotation.id,
    awaitsFirstUse: true,
  })
  await tx.db
    .update(apiKeys)
    .set({
      secretVersion: toVersion,
      nextRotationAt: intervalSeconds === undefined ? null : new Date(dueAt(key.id, intervalSeconds, now)),
      updatedAt: at,
    })
    .where(eq(apiKeys.id, key.id))
  await depositSecret(tx, seal, {
    rotationId: rotation.id,
    secret: made.secret,
    publicKey: key.publicKey,
    expiresAt: escrowEnd(endsAt, expiresAt, now),
  })
  const done = {
    state: 'completed',
    fromVersion,
    toVersion,
    fromExpiresAt: key.expiresAt,
    graceEndsAt: new Date(endsAt),
    finishedAt: at,
  } as const
  await tx.db
    .update(apiKeyRotations)
    .set({ ...done, error: null, updatedAt: at })
    .where(eq(apiKeyRotations.id, rotation.id))
  await recordChange(tx, key.id)
  await appendAudit(tx, {
    action: 'key.rotated',
    keyId: key.id,
    reason: rotation.reason ?? undefined,
    before: { secretVersion: fromVersion },
    after: { secretVersion: toVersion, rotationId: rotation.id, kind: rotation.kind, graceEndsAt: new Date(endsAt) },
  })
}

/**
 * Ends what earlier rotations of the key have left: secrets in their grace (only a forced rotation meets any) and
 * successors that nobody fetched, since nobody should begin with a secret that is superseded already.
 */
async function endEarlier(tx: TransactionContext, keyId: string): Promise<void> {
  const at = new Date(tx.now())
  await tx.db
    .update(apiKeySecrets)
    .set({ graceEndsAt: at, claimable: false })
    .where(and(eq(apiKeySecrets.keyId, keyId), gt(apiKeySecrets.graceEndsAt, at)))
  await tx.db
    .update(apiKeyRotations)
    .set({ graceEndsAt: at, updatedAt: at })
    .where(
      and(
        eq(apiKeyRotations.keyId, keyId),
        eq(apiKeyRotations.state, 'completed'),
        gt(apiKeyRotations.graceEndsAt, at),
      ),
    )
  const waiting = await tx.db
    .select({ rotation: apiKeyRotations })
    .from(apiKeyEscrow)
    .innerJoin(apiKeyRotations, eq(apiKeyRotations.id, apiKeyEscrow.rotationId))
    .where(eq(apiKeyRotations.keyId, keyId))
  for (const { rotation } of waiting) await burn(tx, rotation)
}
