import { z } from 'zod'
import { appendAudit } from '../../audit/append.ts'
import { MomentryError } from '../../errors.ts'
import { type Context, type TransactionContext, withTransaction } from '../../platform/context.ts'
import type { Queryable } from '../../platform/postgres/client.ts'
import { and, eq, gt, lte, notInArray } from '../../platform/postgres/query.ts'
import type { Seal } from '../../platform/seal.ts'
import { lockCredential } from '../credentials/find.ts'
import { integrationEscrow, integrationRotations } from '../table.ts'
import { findRotation, lockRotation } from './find.ts'
import { isClaimable } from './view.ts'

/** The place that a successor is sealed for. */
export function escrowPlace(rotationId: string): string {
  return `integration escrow ${rotationId}`
}

/** Puts a successor into escrow, in place of an earlier one of the same rotation that got lost. @param expiresAt ms */
export async function deposit(
  tx: TransactionContext,
  seal: Seal,
  { rotationId, secret, expiresAt }: { rotationId: string; secret: string; expiresAt: number },
): Promise<void> {
  const kept = { sealed: seal.seal(secret, escrowPlace(rotationId)), expiresAt: new Date(expiresAt) }
  await tx.db
    .insert(integrationEscrow)
    .values({ rotationId, ...kept })
    .onConflictDoUpdate({ target: integrationEscrow.rotationId, set: kept })
}

/** Reads a successor, for the rotation's own parts. @returns undefined where it is not kept any more */
export async function readEscrow(db: Queryable, seal: Seal, rotationId: string): Promise<string | undefined> {
  const [kept] = await db.select().from(integrationEscrow).where(eq(integrationEscrow.rotationId, rotationId))
  return kept && seal.open(kept.sealed, escrowPlace(rotationId))
}

/** A successor as it is handed over. */
export const credentialDeliverySchema = z
  .object({
    key: z.string().meta({ description: "The new credential's value" }),
    credentialId: z.uuid(),
    version: z.int(),
  })
  .meta({ id: 'CredentialDelivery' })
export type CredentialDelivery = z.infer<typeof credentialDeliverySchema>

/**
 * Hands a successor to who asks for it, as often as it is asked for while it is kept.
 * @throws MomentryError `ROTATION_NOT_FOUND`; `NOT_CLAIMABLE` where it is not made yet, or not kept any more
 */
export function claimCredential(
  context: Context,
  { seal }: { seal: Seal },
  rotationId: string,
): Promise<CredentialDelivery> {
  return withTransaction(context, async (tx) => {
    const unlocked = await findRotation(tx.db, rotationId)
    await lockCredential(tx, unlocked.system, unlocked.credentialId)
    const rotation = await lockRotation(tx, rotationId)
    const at = new Date(tx.now())
    if (!isClaimable(rotation))
      throw new MomentryError('NOT_CLAIMABLE', `the rotation is ${rotation.state}: there is no new value to fetch`)
    const isKept = and(eq(integrationEscrow.rotationId, rotationId), gt(integrationEscrow.expiresAt, at))
    const [kept] = await tx.db.select().from(integrationEscrow).where(isKept)
    if (!kept) throw new MomentryError('NOT_CLAIMABLE', 'the new value is not kept any more: its time is over')
    const key = seal.open(kept.sealed, escrowPlace(rotationId))
    if (rotation.claimedAt === null)
      await tx.db
        .update(integrationRotations)
        .set({ claimedAt: at, updatedAt: at })
        .where(eq(integrationRotations.id, rotationId))
    const { credentialId, system, fromVersion } = rotation
    const version = fromVersion + 1
    await appendAudit(tx, {
      action: 'credential.secret-fetched',
      after: { rotationId, credentialId, system, version },
    })
    return { key, credentialId, version }
  })
}

/** Removes what nobody fetched in time, but what a rotation under way still needs. @returns how many */
export async function burnExpired({ db, now }: Context): Promise<number> {
  const isOver = lte(integrationEscrow.expiresAt, new Date(now()))
  const over = await db
    .select({ id: integrationEscrow.rotationId })
    .from(integrationEscrow)
    .innerJoin(integrationRotations, eq(integrationRotations.id, integrationEscrow.rotationId))
    .where(and(isOver, notInArray(integrationRotations.state, ['queued', 'running'])))
    .limit(500)
  for (const { id } of over) await db.delete(integrationEscrow).where(eq(integrationEscrow.rotationId, id))
  return over.length
}
