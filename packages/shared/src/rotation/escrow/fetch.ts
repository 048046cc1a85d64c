import { MomentryError } from '../../errors.ts'
import { refuseUnheld } from '../../keys/authority.ts'
import { lockKey } from '../../keys/get.ts'
import { type Context, withTransaction } from '../../platform/context.ts'
import type { Seal } from '../../platform/seal.ts'
import { findRotation, lockRotation } from '../read/select.ts'
import { deliver } from './claim.ts'
import type { Delivery } from './open.ts'

/**
 * Hands a successor to an operator, who must hold all that the key holds: whoever has a secret has its scopes.
 * @throws MomentryError `ROTATION_NOT_FOUND`; `SCOPE_NOT_HELD`; `KEY_REVOKED`; `NOT_CLAIMABLE` where it is not made yet,
 *   in use already, or not kept any more
 */
export function fetchSuccessor(context: Context, { seal }: { seal: Seal }, rotationId: string): Promise<Delivery> {
  return withTransaction(context, async (tx) => {
    const { rotation: unlocked } = await findRotation(tx.db, rotationId)
    const key = await lockKey(tx, unlocked.keyId)
    refuseUnheld(tx.actor.scopes, key.scopes)
    if (key.revokedAt) throw new MomentryError('KEY_REVOKED', 'the key is revoked, and with it its new secret')
    const { rotation } = await lockRotation(tx, rotationId)
    if (rotation.state !== 'completed')
      throw new MomentryError('NOT_CLAIMABLE', `the rotation is ${rotation.state}: there is no successor to fetch`)
    if (rotation.firstUsedAt) throw new MomentryError('NOT_CLAIMABLE', 'the successor is in use already')
    return deliver(tx, seal, rotation, 'operator')
  })
}
