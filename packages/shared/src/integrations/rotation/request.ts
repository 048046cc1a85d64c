import { appendAudit } from '../../audit/append.ts'
import { MomentryError } from '../../errors.ts'
import { createJob } from '../../jobs/create.ts'
import { cancelJob } from '../../jobs/progress.ts'
import { type Context, type TransactionContext, withTransaction } from '../../platform/context.ts'
import { createId } from '../../platform/id.ts'
import type { Announce } from '../../rotation/queue.ts'
import type { RotationKind } from '../../rotation/states.ts'
import type { CredentialRow } from '../credential-table.ts'
import { lockCredential } from '../credentials/find.ts'
import type { Integration } from '../integration.ts'
import { integrationRotations } from '../table.ts'
import { cancelFailed, cancelRow } from './cancel.ts'
import { lockUndeleted, lockUnfinished } from './find.ts'
import { endGrace } from './grace.ts'
import { maxAttempts, queueName } from './queue.ts'
import { queueDeletion } from './queue-deletion.ts'
import { successorName } from './successor-name.ts'
import type { RotationRow } from './view.ts'

export interface RotationRequest {
  kind: RotationKind
  reason?: string | undefined
  /** What the grace is to be at the most, in seconds; undefined: what the policy says. Of a forced one it is none. */
  graceSeconds?: number | undefined
}

/**
 * Queues a rotation of a credential elsewhere, as `rotation/request.ts` does for keys. A request like the one that is
 * under way gives that one's id; a forced one takes the place of one that has not switched yet,
 * and ends the grace of one that has.
 * @throws MomentryError `CREDENTIAL_NOT_FOUND`; `CONFLICT` for one that is not there any more; `CONNECTION_NEEDED` where
 *   nobody could act; `ROTATION_IN_PROGRESS`
 */
export function requestRotation(
  context: Context,
  { integration, announce }: { integration: Integration; announce: Announce },
  credentialId: string,
  request: RotationRequest,
): Promise<{ rotationId: string }> {
  return withTransaction(context, async (tx) => {
    const credential = await lockCredential(tx, integration.system, credentialId)
    refuseImpossible(integration, credential, tx.now())
    const of = { system: integration.system, credentialId }
    const unfinished = await lockUnfinished(tx, of)
    const same = unfinished.find((rotation) => isSame(rotation, request))
    if (same) return { rotationId: same.id }
    for (const rotation of unfinished) await makeRoom(tx, rotation, request)
    await cancelFailed(tx, of, 'another rotation took its place')
    await finishFailed(tx, of)
    const rotationId = await insertRotation(tx, integration, credential, request)
    await appendAudit(tx, {
      action: 'credential.rotation-requested',
      reason: request.reason,
      after: {
        rotationId,
        credentialId,
        system: integration.system,
        kind: request.kind,
        graceSeconds: request.graceSeconds,
      },
    })
    tx.afterCommit(() => announce())
    return { rotationId }
  })
}

function refuseImpossible({ title, server }: Integration, credential: CredentialRow, now: number): void {
  if (credential.state !== 'active')
    throw new MomentryError('CONFLICT', `it is ${credential.state}: there is nothing to rotate`)
  if (credential.expiresAt && credential.expiresAt.getTime() <= now)
    throw new MomentryError('CONFLICT', 'it has expired: a successor would, too')
  if (credential.server !== server)
    throw new MomentryError('CONFLICT', `it is on ${credential.server}, and ${title} is at ${server} now`)
  if (credential.connectionId === null)
    throw new MomentryError('CONNECTION_NEEDED', 'a rotation takes a stored connection, since no person is there')
}

function isSame(rotation: RotationRow, request: RotationRequest): boolean {
  if (rotation.state === 'draining') return false
  const isForced = rotation.kind === 'forced'
  return isForced === (request.kind === 'forced') && rotation.graceSeconds === graceOf(request)
}

function graceOf({ kind, graceSeconds }: RotationRequest): number | null {
  return kind === 'forced' ? null : (graceSeconds ?? null)
}

async function makeRoom(tx: TransactionContext, unfinished: RotationRow, request: RotationRequest): Promise<void> {
  if (request.kind !== 'forced')
    throw new MomentryError(
      'ROTATION_IN_PROGRESS',
      unfinished.state === 'draining'
        ? `the one before this is still in its grace, until ${unfinished.graceEndsAt?.toISOString()}`
        : 'another rotation of this credential is under way',
    )
  if (unfinished.state === 'draining') await endGrace(tx, unfinished, tx.now())
  // What has taken over already cannot be given up: only its old credential is left to be deleted.
  else if (unfinished.switchedAt !== null) await leaveToDelete(tx, unfinished, tx.now())
  else await cancelRow(tx, unfinished, 'a forced rotation took its place')
}

/** What a failed rotation left to be deleted is tried again with the next one, so that no old credential stays for ever. */
async function finishFailed(tx: TransactionContext, of: { system: string; credentialId: string }): Promise<void> {
  for (const rotation of await lockUndeleted(tx, of)) {
    if (rotation.state === 'failed') await leaveToDelete(tx, rotation, rotation.graceEndsAt?.getTime() ?? tx.now())
  }
}

async function leaveToDelete(tx: TransactionContext, rotation: RotationRow, wakesAt: number): Promise<void> {
  await cancelJob(tx.db, rotation.jobId, tx.now())
  await queueDeletion(tx, rotation, wakesAt)
}

async function insertRotation(
  tx: TransactionContext,
  { system, capabilities }: Integration,
  credential: CredentialRow,
  request: RotationRequest,
): Promise<string> {
  const { remoteId, remoteName, policy, version } = credential
  if (remoteId === null) throw new Error('an active credential has no id there')
  const at = new Date(tx.now())
  const id = createId()
  const job = {
    queue: queueName,
    name: `${request.kind} rotation`,
    data: { rotationId: id, system },
    maxAttempts,
    traceparent: tx.traceparent,
  }
  await tx.db.insert(integrationRotations).values({
    id,
    system,
    credentialId: credential.id,
    jobId: await createJob(tx.db, job, tx.now()),
    kind: request.kind,
    reason: request.reason ?? null,
    requestedBy: tx.actor.keyId ?? null,
    state: 'queued',
    graceSeconds: graceOf(request),
    handOver: policy.handOver ?? { type: 'claim' },
    fromVersion: version,
    oldRemoteId: remoteId,
    oldRemoteName: remoteName,
    newRemoteName: successorName(credential.name, id, capabilities.maxNameLength),
    wakesAt: at,
    createdAt: at,
    updatedAt: at,
  })
  return id
}
