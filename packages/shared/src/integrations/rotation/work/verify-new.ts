import { MomentryError } from '../../../errors.ts'
import { withTransaction } from '../../../platform/context.ts'
import { eq } from '../../../platform/postgres/query.ts'
import type { Verification } from '../../integration.ts'
import { systemTable } from '../../systems.ts'
import { integrationRotations } from '../../table.ts'
import { readEscrow } from '../escrow.ts'
import { findRotation } from '../find.ts'
import type { RotationRow } from '../view.ts'
import { lockForWork, type Place, type WorkDeps } from './place.ts'
import { switchToSuccessor } from './switch.ts'

/** Part 3: asks the system whether it takes the successor; if so, that is what the credential is from now on. */
export async function verifyNew(deps: WorkDeps, place: Place): Promise<Record<string, unknown>> {
  const { context, integrations, seal } = deps
  const rotation = await findRotation(context.db, place.rotationId)
  if (rotation.verifiedAt !== null) return { earlier: true }
  const key = await readEscrow(context.db, seal, rotation.id)
  if (key === undefined) throw new Error('the new credential is not kept any more')
  const said = await integrations.get(rotation.system).verify(key)
  refuseUnproved(said, rotation)
  await withTransaction(context, async (tx) => {
    const held = await lockForWork(tx, place)
    const at = new Date(tx.now())
    const { newRemoteId, newHint, switchedAt, id } = held.rotation
    if (newRemoteId === null) throw new Error('a rotation has a successor without an id')
    if (switchedAt === null) await switchToSuccessor(tx, held, { remoteId: newRemoteId, hint: newHint })
    await tx.db
      .update(integrationRotations)
      .set({ verifiedAt: at, updatedAt: at })
      .where(eq(integrationRotations.id, id))
    const table = systemTable(rotation.system)
    await tx.db
      .update(table)
      .set({ lastVerifiedAt: at, lastOutcome: said.outcome })
      .where(eq(table.id, rotation.credentialId))
  })
  return { outcome: said.outcome }
}

/** A successor with other scopes than asking takes is as good as any. */
function refuseUnproved({ outcome, detail, remoteId }: Verification, rotation: RotationRow): void {
  if (outcome === 'unreachable') throw new MomentryError('REMOTE_UNREACHABLE', detail)
  if (outcome === 'invalid') throw new MomentryError('REMOTE_REFUSED', `the new credential is not taken: ${detail}`)
  if (remoteId !== undefined && rotation.newRemoteId !== null && remoteId !== rotation.newRemoteId)
    throw new MomentryError('REMOTE_FAILED', 'the new credential is taken for another one')
}
