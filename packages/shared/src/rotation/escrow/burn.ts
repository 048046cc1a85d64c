import { and, eq, inArray, isNull, lte } from 'drizzle-orm'
import { recordChange } from '../../keys/changes/record.ts'
import { apiKeySecrets } from '../../keys/table.ts'
import { type Context, type TransactionContext, withTransaction } from '../../platform/context.ts'
import { apiKeyEscrow, apiKeyRotations } from '../table.ts'

/**
 * Notes the first use of a successor and burns its escrow: from now on nobody can claim it. Harmless where it is noted.
 * @param usedAt ms
 * @returns whether this was the one that noted it
 */
export function noteFirstUse(context: Context, rotationId: string, usedAt: number): Promise<boolean> {
  return withTransaction(context, async (tx) => {
    const at = new Date(usedAt)
    const [rotation] = await tx.db
      .update(apiKeyRotations)
      .set({ firstUsedAt: at, updatedAt: at })
      .where(and(eq(apiKeyRotations.id, rotationId), isNull(apiKeyRotations.firstUsedAt)))
      .returning({ keyId: apiKeyRotations.keyId })
    if (!rotation) return false
    await burn(tx, [{ rotationId, keyId: rotation.keyId }])
    await tx.db.update(apiKeySecrets).set({ awaitsFirstUse: false }).where(eq(apiKeySecrets.rotationId, rotationId))
    return true
  })
}

/** Burns what nobody claimed in time. @param limit rotations at once @returns how many */
export function burnExpired(context: Context, limit = 500): Promise<number> {
  return withTransaction(context, async (tx) => {
    const over = await tx.db
      .select({ rotationId: apiKeyEscrow.rotationId, keyId: apiKeyRotations.keyId })
      .from(apiKeyEscrow)
      .innerJoin(apiKeyRotations, eq(apiKeyRotations.id, apiKeyEscrow.rotationId))
      .where(lte(apiKeyEscrow.expiresAt, new Date(tx.now())))
      .limit(limit)
      .for('update', { of: apiKeyEscrow, skipLocked: true })
    if (over.length > 0) await burn(tx, over)
    return over.length
  })
}

/** Removes successors from escrow, and tells every process that their predecessors can claim nothing. */
export async function burn(
  tx: TransactionContext,
  rotations: readonly { rotationId: string; keyId: string }[],
): Promise<void> {
  const ids = rotations.map(({ rotationId }) => rotationId)
  const keyIds = rotations.map(({ keyId }) => keyId)
  await tx.db.delete(apiKeyEscrow).where(inArray(apiKeyEscrow.rotationId, ids))
  await tx.db
    .update(apiKeySecrets)
    .set({ claimable: false })
    .where(and(inArray(apiKeySecrets.keyId, keyIds), eq(apiKeySecrets.claimable, true)))
  for (const keyId of new Set(keyIds)) await recordChange(tx, keyId)
}
