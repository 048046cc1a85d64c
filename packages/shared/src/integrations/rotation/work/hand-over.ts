import { appendAudit } from '../../../audit/append.ts'
import { withTransaction } from '../../../platform/context.ts'
import { eq } from '../../../platform/postgres/query.ts'
import { findCredential } from '../../credentials/find.ts'
import { integrationRotations } from '../../table.ts'
import { readEscrow } from '../escrow.ts'
import { findRotation } from '../find.ts'
import type { HandOverNote } from '../hand-over/note.ts'
import { lockForWork, type Place, type WorkDeps } from './place.ts'

export interface HandOverDeps extends WorkDeps {
  runHook(name: string, note: HandOverNote): Promise<void>
  callWebhook(url: string, note: HandOverNote): Promise<void>
}

/**
 * Part 2: hands the successor over, by a hook, by a webhook, or by leaving it in escrow. Whoever takes it can be given it
 * twice, with the same rotation's id.
 */
export async function handOver(deps: HandOverDeps, place: Place): Promise<Record<string, unknown>> {
  const { context, seal } = deps
  const rotation = await findRotation(context.db, place.rotationId)
  const { handOver: way } = rotation
  if (rotation.handedOverAt !== null) return { by: way.type, earlier: true }
  const credential = await findCredential(context.db, rotation.system, rotation.credentialId)
  if (way.type !== 'claim') {
    const key = await readEscrow(context.db, seal, rotation.id)
    if (key === undefined) throw new Error('the new credential is not kept any more')
    const note: HandOverNote = {
      system: rotation.system,
      server: credential.server,
      credentialId: credential.id,
      name: credential.name,
      owner: credential.owner,
      version: rotation.fromVersion + 1,
      rotationId: rotation.id,
      key,
    }
    if (way.type === 'hook') await deps.runHook(way.name, note)
    else await deps.callWebhook(way.url, note)
  }
  await withTransaction(context, async (tx) => {
    await lockForWork(tx, place)
    const at = new Date(tx.now())
    await tx.db
      .update(integrationRotations)
      .set({ handedOverAt: at, updatedAt: at })
      .where(eq(integrationRotations.id, rotation.id))
    if (way.type === 'claim') return
    const to = way.type === 'hook' ? way.name : new URL(way.url).host
    await appendAudit(tx, {
      action: 'credential.handed-over',
      after: {
        ...{ rotationId: rotation.id, credentialId: credential.id, system: rotation.system },
        ...{ version: rotation.fromVersion + 1, by: way.type, to },
      },
    })
  })
  return { by: way.type }
}
