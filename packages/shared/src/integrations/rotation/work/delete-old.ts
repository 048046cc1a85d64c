import { eq } from 'drizzle-orm'
import { appendAudit } from '../../../audit/append.ts'
import { MomentryError } from '../../../errors.ts'
import { withTransaction } from '../../../platform/context.ts'
import { removeRemote } from '../../credentials/remove-remote.ts'
import type { Account } from '../../integration.ts'
import { integrationRotations } from '../../table.ts'
import { findRotation } from '../find.ts'
import type { RotationRow } from '../view.ts'
import { lockForWork, type Place, type WorkDeps, withRotationAccount } from './place.ts'

/** Part 4: deletes the old credential there: what has its id and its name, and nothing else. */
export async function deleteOld(deps: WorkDeps, place: Place): Promise<Record<string, unknown>> {
  const rotation = await findRotation(deps.context.db, place.rotationId)
  if (rotation.oldDeletedAt !== null) return { earlier: true }
  const outcome = await withRotationAccount(deps, rotation, (account) => remove(account, rotation))
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

async function remove(account: Account, { oldRemoteId, oldRemoteName }: RotationRow): Promise<string> {
  try {
    return await removeRemote(account, { remoteId: oldRemoteId, remoteName: oldRemoteName })
  } catch (error) {
    // Its id was given to another one: then it is gone itself, and that one is not ours.
    if (error instanceof MomentryError && error.code === 'CONFLICT') return 'gone'
    throw error
  }
}
