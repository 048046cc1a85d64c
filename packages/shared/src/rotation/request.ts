import { appendAudit } from '../audit/append.ts'
import { MomentryError } from '../errors.ts'
import { createJob } from '../jobs/create.ts'
import { refuseLesserActor } from '../keys/authority.ts'
import { lockKey } from '../keys/get.ts'
import { apiKeySecrets } from '../keys/table.ts'
import { type KeyRow, statusOf } from '../keys/view.ts'
import { type Context, type TransactionContext, withTransaction } from '../platform/context.ts'
import { createId } from '../platform/id.ts'
import { and, eq, gt, inArray } from '../platform/postgres/query.ts'
import { cancelUnderWay } from './cancel.ts'
import { type Announce, maxAttempts, queueName } from './queue.ts'
import { type RotationKind, underWayStates } from './states.ts'
import { apiKeyRotations } from './table.ts'

export interface RotationRequest {
  kind: RotationKind
  reason?: string | undefined
  /** What the grace is to be at the most, in seconds; undefined: what policy and type say. Of a forced one it is none. */
  graceSeconds?: number | undefined
  /** The anomaly on which a policy acts. */
  anomalyId?: string | undefined
}

type Rotation = typeof apiKeyRotations.$inferSelect

/**
 * Queues a rotation of a key: its row is the queue's truth, and workers are woken once it is committed. A request like
 * the one that is under way gives that one's id; a forced one takes the place of one that is not.
 * @throws MomentryError `KEY_NOT_FOUND`, `KEY_REVOKED`, `KEY_EXPIRED`; `SCOPE_NOT_HELD` for a system key, by an actor who
 *   holds less; `ROTATION_IN_PROGRESS` where another one is under way or in its grace, unless this one is forced
 */
export function requestRotation(
  context: Context,
  { announce }: { announce: Announce },
  keyId: string,
  request: RotationRequest,
): Promise<{ rotationId: string }> {
  return withTransaction(context, async (tx) => {
    const now = tx.now()
    const key = await lockKey(tx, keyId)
    refuseDead(key, now)
    refuseLesserActor(tx.actor.scopes, key)
    const underWay = await findUnderWay(tx, keyId)
    if (underWay && isSame(underWay, request)) return { rotationId: underWay.id }
    await makeRoom(tx, keyId, underWay, request)
    const rotationId = await insertRotation(tx, keyId, request)
    await appendAudit(tx, {
      action: 'rotation.requested',
      keyId,
      reason: request.reason,
      after: { rotationId, kind: request.kind, graceSeconds: request.graceSeconds, anomalyId: request.anomalyId },
    })
    tx.afterCommit(() => announce())
    return { rotationId }
  })
}

function refuseDead(key: KeyRow, now: number): void {
  const status = statusOf(key, now)
  if (status === 'revoked') throw new MomentryError('KEY_REVOKED', 'a revoked key cannot be rotated')
  if (status === 'expired') throw new MomentryError('KEY_EXPIRED', 'an expired key cannot be rotated')
}

async function findUnderWay(tx: TransactionContext, keyId: string): Promise<Rotation | undefined> {
  const rows = await tx.db
    .select()
    .from(apiKeyRotations)
    .where(and(eq(apiKeyRotations.keyId, keyId), inArray(apiKeyRotations.state, underWayStates)))
    .for('update')
  return rows[0]
}

function isSame(rotation: Rotation, request: RotationRequest): boolean {
  const isForced = rotation.kind === 'forced'
  return isForced === (request.kind === 'forced') && rotation.graceSeconds === graceOf(request)
}

function graceOf({ kind, graceSeconds }: RotationRequest): number | null {
  return kind === 'forced' ? null : (graceSeconds ?? null)
}

/** Lets a forced rotation through whatever goes on; refuses others while an earlier one is not over. */
async function makeRoom(
  tx: TransactionContext,
  keyId: string,
  underWay: Rotation | undefined,
  request: RotationRequest,
): Promise<void> {
  if (request.kind === 'forced') {
    if (underWay) await cancelUnderWay(tx, underWay, 'a forced rotation took its place')
    return
  }
  if (underWay) throw new MomentryError('ROTATION_IN_PROGRESS', 'another rotation of this key is under way')
  await refuseInGrace(tx, keyId)
}

/**
 * Refuses to supersede a secret while the one before it still validates: holders who are late would lose both. The key
 * must be locked. @throws MomentryError `ROTATION_IN_PROGRESS`
 */
export async function refuseInGrace(tx: TransactionContext, keyId: string): Promise<void> {
  const [dying] = await tx.db
    .select({ endsAt: apiKeySecrets.graceEndsAt })
    .from(apiKeySecrets)
    .where(and(eq(apiKeySecrets.keyId, keyId), gt(apiKeySecrets.graceEndsAt, new Date(tx.now()))))
    .limit(1)
  if (dying)
    throw new MomentryError(
      'ROTATION_IN_PROGRESS',
      `the secret before this one is still in its grace, until ${dying.endsAt?.toISOString()}`,
    )
}

async function insertRotation(tx: TransactionContext, keyId: string, request: RotationRequest): Promise<string> {
  const now = tx.now()
  const id = createId()
  const { kind } = request
  const jobId = await createJob(
    tx.db,
    {
      queue: queueName,
      name: `${kind} rotation`,
      keyId,
      data: { rotationId: id },
      maxAttempts,
      traceparent: tx.traceparent,
    },
    now,
  )
  await tx.db.insert(apiKeyRotations).values({
    id,
    keyId,
    jobId,
    kind,
    reason: request.reason ?? null,
    requestedBy: tx.actor.keyId ?? null,
    anomalyId: request.anomalyId ?? null,
    state: 'queued',
    graceSeconds: graceOf(request),
    createdAt: new Date(now),
    updatedAt: new Date(now),
  })
  return id
}
