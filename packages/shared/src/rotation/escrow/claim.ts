import { appendAudit } from '../../audit/append.ts'
import { MomentryError } from '../../errors.ts'
import { type Context, type TransactionContext, withTransaction } from '../../platform/context.ts'
import { and, eq } from '../../platform/postgres/query.ts'
import type { Seal } from '../../platform/seal.ts'
import { lockRotation } from '../read/select.ts'
import type { Claimant } from '../states.ts'
import { apiKeyRotations } from '../table.ts'
import { type Delivery, openEscrow } from './open.ts'

/**
 * Hands a key's successor to its holder, who shows the old secret. It can be repeated until the successor's first use,
 * so that an answer that got lost does no harm.
 * @param holder whose secret came, and which version of it
 * @throws MomentryError `NOT_CLAIMABLE` where this secret has no successor, where that is in use already, where the
 *   grace is over, and always after a forced rotation
 */
export function claimSuccessor(
  context: Context,
  { seal }: { seal: Seal },
  holder: { keyId: string; version: number },
): Promise<Delivery> {
  return withTransaction(context, async (tx) => {
    const [made] = await tx.db
      .select({ id: apiKeyRotations.id })
      .from(apiKeyRotations)
      .where(
        and(
          eq(apiKeyRotations.keyId, holder.keyId),
          eq(apiKeyRotations.fromVersion, holder.version),
          eq(apiKeyRotations.state, 'completed'),
        ),
      )
    if (!made) throw new MomentryError('NOT_CLAIMABLE', 'this secret has no successor')
    const { rotation } = await lockRotation(tx, made.id)
    const now = tx.now()
    const graceEndsAt = rotation.graceEndsAt?.getTime() ?? now
    if (rotation.kind === 'forced' || now >= graceEndsAt)
      throw new MomentryError('NOT_CLAIMABLE', 'the successor of this secret cannot be claimed with it')
    if (rotation.firstUsedAt) throw new MomentryError('NOT_CLAIMABLE', 'the successor of this secret is in use already')
    return deliver(tx, seal, rotation, 'holder')
  })
}

/** Notes who fetched a successor, and hands it over. The rotation must be locked. */
export async function deliver(
  tx: TransactionContext,
  seal: Seal,
  rotation: typeof apiKeyRotations.$inferSelect,
  by: Claimant,
): Promise<Delivery> {
  const delivery = await openEscrow(tx, seal, rotation)
  const at = new Date(tx.now())
  if (rotation.claimedAt === null)
    await tx.db
      .update(apiKeyRotations)
      .set({ claimedAt: at, claimedBy: by, updatedAt: at })
      .where(eq(apiKeyRotations.id, rotation.id))
  await appendAudit(tx, {
    action: by === 'holder' ? 'rotation.claimed' : 'rotation.secret-fetched',
    keyId: rotation.keyId,
    after: { rotationId: rotation.id, secretVersion: rotation.toVersion },
  })
  return delivery
}
