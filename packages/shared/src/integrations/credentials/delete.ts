import { z } from 'zod'
import { appendAudit } from '../../audit/append.ts'
import { MomentryError } from '../../errors.ts'
import { cancelJob } from '../../jobs/progress.ts'
import { type Context, type TransactionContext, withTransaction } from '../../platform/context.ts'
import { eq } from '../../platform/postgres/query.ts'
import type { Seal } from '../../platform/seal.ts'
import { type AccountChoice, withAccount } from '../connections/open.ts'
import type { CredentialRow } from '../credential-table.ts'
import type { Account, Integration } from '../integration.ts'
import { cancelFailed, cancelRow } from '../rotation/cancel.ts'
import { lockUndeleted, lockUnfinished } from '../rotation/find.ts'
import type { RotationRow } from '../rotation/view.ts'
import type { CredentialState } from '../states.ts'
import { integrationEscrow, integrationRotations } from '../table.ts'
import { findCredential, lockCredential } from './find.ts'
import { findLost, isAbandoned } from './lost-creation.ts'
import { removeOld, removeRemote } from './remove-remote.ts'
import { credentialSchema, viewCredential } from './view.ts'

/** A credential that is deleted, and whether it had still been there. */
export const deletedCredentialSchema = credentialSchema
  .extend({
    outcome: z.enum(['deleted', 'gone']).meta({ description: '`gone`: it was not there any more' }),
  })
  .meta({ id: 'DeletedCredential' })
export type DeletedCredential = z.infer<typeof deletedCredentialSchema>

export interface DeleteInput extends Pick<AccountChoice, 'connectionId' | 'credentials'> {
  reason?: string | undefined
  /** What it is from then on: `deleted`, unless it ended at its expiry. */
  as?: CredentialState
}

/**
 * Deletes a credential there, with what its rotations have there. One that is gone already is no failure, however often
 * it is asked for.
 * @throws MomentryError `CREDENTIAL_NOT_FOUND`; `CONFLICT` where its id belongs to another one there now; what the other
 *   system says
 */
export async function deleteCredential(
  context: Context,
  { integration, seal }: { integration: Integration; seal: Seal },
  id: string,
  input: DeleteInput,
): Promise<DeletedCredential> {
  const { system, server, title } = integration
  const row = await findCredential(context.db, system, id)
  if (row.state !== 'active' && row.state !== 'creating') return { ...viewCredential(system, row), outcome: 'gone' }
  if (row.server !== server)
    throw new MomentryError('CONFLICT', `it is on ${row.server}, and ${title} is at ${server} now`)
  const connectionId =
    input.credentials === undefined ? (input.connectionId ?? row.connectionId ?? undefined) : undefined
  const choice = { connectionId, credentials: input.credentials, owner: row.owner }
  return withAccount({ ...context, seal }, integration, choice, async (account) => {
    // Rotations first: none may make a successor of what is about to go.
    const draining = await stopRotations(context, system, id)
    const current = await findCredential(context.db, system, id)
    const outcome = await removeAll(account, current, draining, context.now())
    const ended = await note(context, integration, current, { draining, outcome, input })
    return { ...viewCredential(system, ended), outcome }
  })
}

const why = 'its credential is deleted'

/** @returns those that have switched already, whose old credentials are there still */
function stopRotations(context: Context, system: string, id: string): Promise<RotationRow[]> {
  return withTransaction(context, async (tx) => {
    await lockCredential(tx, system, id)
    const of = { system, credentialId: id }
    for (const rotation of await lockUnfinished(tx, of)) {
      if (rotation.switchedAt === null) await cancelRow(tx, rotation, why)
    }
    await cancelFailed(tx, of, why)
    return lockUndeleted(tx, of)
  })
}

async function removeAll(
  account: Account,
  row: CredentialRow,
  draining: readonly RotationRow[],
  now: number,
): Promise<'deleted' | 'gone'> {
  for (const { oldRemoteId, oldRemoteName } of draining)
    await removeOld(account, { remoteId: oldRemoteId, remoteName: oldRemoteName })
  if (row.remoteId === null) return removeLost(account, row, now)
  return removeRemote(account, { remoteId: row.remoteId, remoteName: row.remoteName, hint: row.hint })
}

/** @throws MomentryError `CONFLICT` while whoever makes it may still be waiting for the answer */
async function removeLost(account: Account, row: CredentialRow, now: number): Promise<'deleted' | 'gone'> {
  if (!isAbandoned(row, now)) throw new MomentryError('CONFLICT', 'it is being made just now')
  const lost = findLost(row, await account.list())
  return lost ? account.delete(lost.remoteId) : 'gone'
}

function note(
  context: Context,
  { system, table }: Integration,
  { id }: CredentialRow,
  done: { draining: readonly RotationRow[]; outcome: string; input: DeleteInput },
): Promise<CredentialRow> {
  return withTransaction(context, async (tx) => {
    const row = await lockCredential(tx, system, id)
    const at = new Date(tx.now())
    for (const rotation of done.draining) await endRotation(tx, rotation, at)
    const state = done.input.as ?? 'deleted'
    const ended = { state, endedAt: at, updatedAt: at, nextRotationAt: null }
    await tx.db.update(table).set(ended).where(eq(table.id, id))
    const { owner, name } = row
    await appendAudit(tx, {
      action: `credential.${state}`,
      reason: done.input.reason,
      before: { credentialId: id, system, owner, name, remoteId: row.remoteId, state: row.state },
      after: { credentialId: id, state, outcome: done.outcome },
    })
    return { ...row, ...ended }
  })
}

async function endRotation(tx: TransactionContext, rotation: RotationRow, at: Date): Promise<void> {
  await tx.db
    .update(integrationRotations)
    .set({ state: 'completed', oldDeletedAt: at, error: 'its credential was deleted', finishedAt: at, updatedAt: at })
    .where(eq(integrationRotations.id, rotation.id))
  await tx.db.delete(integrationEscrow).where(eq(integrationEscrow.rotationId, rotation.id))
  await cancelJob(tx.db, rotation.jobId, tx.now())
}
