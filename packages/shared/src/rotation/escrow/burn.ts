import { recordChange } from '../../keys/changes/record.ts'
import { lockKey } from '../../keys/get.ts'
import { apiKeySecrets } from '../../keys/table.ts'
import { type Context, type TransactionContext, withTransaction } from '../../platform/context.ts'
import { and, eq, isNull, lte } from '../../platform/postgres/query.ts'
import { findRotation } from '../read/select.ts'
import { apiKeyEscrow, apiKeyRotations } from '../table.ts'

// Everybody locks the key first, and then what hangs on it (`read/select.ts`).

/**
 * Notes the first use of a successor and burns its escrow: from now on nobody can claim it. Harmless where it is noted.
 * @param usedAt ms
 * @returns whether this was the one that noted it
 */
export function noteFirstUse(context: Context, rotationId: string, usedAt: number): Promise<boolean> {
  return withTransaction(context, async (tx) => {
    const { rotation } = await findRotation(tx.db, rotationId)
    await lockKey(tx, rotation.keyId)
    const at = new Date(usedAt)
    const { rowCount } = await tx.db
      .update(apiKeyRotations)
      .set({ firstUsedAt: at, updatedAt: at })
      .where(and(eq(apiKeyRotations.id, rotationId), isNull(apiKeyRotations.firstUsedAt)))
    if (rowCount === 0) return false
    await tx.db.update(apiKeySecrets).set({ awaitsFirstUse: false }).where(eq(apiKeySecrets.rotationId, rotationId))
    await burn(tx, rotation)
    return true
  })
}

/** Burns what nobody claimed in time. @param limit rotations at the most; the next turn takes the rest @returns how many */
export async function burnExpired(context: Context, limit = 500): Promise<number> {
  const isOver = lte(apiKeyEscrow.expiresAt, new Date(context.now()))
  const over = await context.db
    .select({ rotation: apiKeyRotations })
    .from(apiKeyEscrow)
    .innerJoin(apiKeyRotations, eq(apiKeyRotations.id, apiKeyEscrow.rotationId))
    .where(isOver)
    .limit(limit)
  let burnt = 0
  for (const { rotation } of over) {
    burnt += await withTransaction(context, async (tx) => {
      await lockKey(tx, rotation.keyId)
      const still = await tx.db
        .select({ id: apiKeyEscrow.rotationId })
        .from(apiKeyEscrow)
        .where(and(eq(apiKeyEscrow.rotationId, rotation.id), isOver))
      if (still.length > 0) await burn(tx, rotation)
      return still.length
    })
  }
  return burnt
}

/**
 * Removes a successor from escrow, and tells every process that its predecessor can claim nothing. The key's other
 * secrets are left alone: a use can be noted late, when the next rotation has a successor waiting. The key must be locked.
 */
export async function burn(
  tx: TransactionContext,
  { id, keyId, fromVersion }: Pick<typeof apiKeyRotations.$inferSelect, 'id' | 'keyId' | 'fromVersion'>,
): Promise<void> {
  await tx.db.delete(apiKeyEscrow).where(eq(apiKeyEscrow.rotationId, id))
  if (fromVersion !== null)
    await tx.db
      .update(apiKeySecrets)
      .set({ claimable: false })
      .where(and(eq(apiKeySecrets.keyId, keyId), eq(apiKeySecrets.version, fromVersion)))
  await recordChange(tx, keyId)
}
