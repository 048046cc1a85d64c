import { MomentryError } from '../../errors.ts'
import { apiKeys } from '../../keys/table.ts'
import type { TransactionContext } from '../../platform/context.ts'
import type { Queryable } from '../../platform/postgres/client.ts'
import { eq, type SQL } from '../../platform/postgres/query.ts'
import { apiKeyEscrow, apiKeyRotations } from '../table.ts'
import type { RotationRow } from './view.ts'

/** Begins a query of rotations with what their view shows. */
export function selectRotations(db: Queryable, where: SQL | undefined) {
  return db
    .select({
      rotation: apiKeyRotations,
      keyName: apiKeys.name,
      keyType: apiKeys.type,
      escrowEndsAt: apiKeyEscrow.expiresAt,
    })
    .from(apiKeyRotations)
    .innerJoin(apiKeys, eq(apiKeys.id, apiKeyRotations.keyId))
    .leftJoin(apiKeyEscrow, eq(apiKeyEscrow.rotationId, apiKeyRotations.id))
    .where(where)
}

/** @throws MomentryError `ROTATION_NOT_FOUND` */
export async function findRotation(db: Queryable, id: string): Promise<RotationRow> {
  return found(await selectRotations(db, eq(apiKeyRotations.id, id)))
}

/**
 * Reads a rotation and holds it until the transaction ends. Who also needs its key locks that first (`keys/get.ts`), as
 * everybody does, so that no two wait for each other.
 * @throws MomentryError `ROTATION_NOT_FOUND`
 */
export async function lockRotation(tx: TransactionContext, id: string): Promise<RotationRow> {
  return found(await selectRotations(tx.db, eq(apiKeyRotations.id, id)).for('update', { of: apiKeyRotations }))
}

function found(rows: readonly RotationRow[]): RotationRow {
  const row = rows[0]
  if (!row) throw new MomentryError('ROTATION_NOT_FOUND', 'there is no rotation with this id')
  return row
}
