import { appendAudit } from '../../../audit/append.ts'
import { withTransaction } from '../../../platform/context.ts'
import { eq } from '../../../platform/postgres/query.ts'
import { removeOld } from '../../credentials/remove-remote.ts'
import { integrationRotations } from '../../table.ts'
import { findRotation } from '../find.ts'
import { lockForWork, type Place, type WorkDeps, withRotationAccount } from './place.ts'

/** Part 4: deletes the old credential there: what has its id and its name, and nothing else. */
export async function deleteOld(deps: WorkDeps, place: Place): Promise<Record<string, unknown>> {
  const rotation = await findRotation(deps.context.db, place.rotationId)
  if (rotation.oldDeletedAt !== null) return { earlier: true }
  const identity = { remoteId: rotation.oldRemoteId, remoteName: rotation.oldRemoteName }
  const outcome = await withRotationAccount(deps, rotation, (account) => removeOld(account, identity))
  await withTransaction(deps.context, async (tx) => {
    await lockForWork(tx, place)
    const at = new Date(tx.now())
    await tx.db
      .update(integrationRotations)
      .set({ oldDeletedAt: at, updatedAt: at })
      .where(eq(integrationRotations.id, rotation.id))
    const { id, credentialId, system, oldRemoteId } = rotation
    await appendAudit(tx, {
      action: 'credential.old-deleted',
      after: { rotationId: id, credentialId, system, remoteId: oldRemoteId, outcome },
    })
  })
  return { remoteName: rotation.oldRemoteName, outcome }
}
