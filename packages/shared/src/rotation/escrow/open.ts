import { z } from 'zod'
import { MomentryError } from '../../errors.ts'
import type { TransactionContext } from '../../platform/context.ts'
import { and, eq, gt } from '../../platform/postgres/query.ts'
import type { Seal } from '../../platform/seal.ts'
import { apiKeyEscrow } from '../table.ts'
import { escrowPlace } from './deposit.ts'
import { encryptedKeySchema } from './encrypt.ts'

const whose = { keyId: z.uuid(), secretVersion: z.int() }

/** A successor as it is handed over: in the clear, or encrypted to its holder. */
export const deliverySchema = z
  .union([
    z.object({ key: z.string().meta({ description: 'The new secret' }), ...whose }),
    z.object({ encryptedKey: encryptedKeySchema, ...whose }),
  ])
  .meta({ id: 'Delivery' })
export type Delivery = z.infer<typeof deliverySchema>

/** Reads a successor out of escrow, where it stays. @throws MomentryError `NOT_CLAIMABLE` where it is gone */
export async function openEscrow(
  tx: TransactionContext,
  seal: Seal,
  rotation: { id: string; keyId: string; toVersion: number | null },
): Promise<Delivery> {
  const [kept] = await tx.db
    .select()
    .from(apiKeyEscrow)
    .where(and(eq(apiKeyEscrow.rotationId, rotation.id), gt(apiKeyEscrow.expiresAt, new Date(tx.now()))))
  if (!kept || rotation.toVersion === null)
    throw new MomentryError('NOT_CLAIMABLE', 'the successor is not kept any more: it is in use, or its time is over')
  const text = seal.open(kept.sealed, escrowPlace(rotation.id))
  const of = { keyId: rotation.keyId, secretVersion: rotation.toVersion }
  return kept.encrypted ? { encryptedKey: encryptedKeySchema.parse(JSON.parse(text)), ...of } : { key: text, ...of }
}
