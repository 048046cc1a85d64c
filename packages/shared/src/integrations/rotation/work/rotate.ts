import type { SendAlert } from '../../../alerts/send.ts'
import { MomentryError } from '../../../errors.ts'
import { tellError } from '../../../jobs/error-text.ts'
import { failJob, startJob } from '../../../jobs/progress.ts'
import { runProcessor } from '../../../jobs/run-processor.ts'
import { isPostgresUnavailable } from '../../../platform/postgres/client.ts'
import type { Logger } from '../../../platform/process/log.ts'
import { isRedisUnavailable } from '../../../platform/redis/client.ts'
import { credentialAlert } from '../../alert.ts'
import { findCredential } from '../../credentials/find.ts'
import { findRotation } from '../find.ts'
import { backOff, leaseMs, maxAttempts, maxRefusals, patienceMs } from '../queue.ts'
import type { RotationRow } from '../view.ts'
import { createNew } from './create-new.ts'
import { deleteOld } from './delete-old.ts'
import { type HandOverDeps, handOver } from './hand-over.ts'
import { isOvertaken, type Place } from './place.ts'
import { beginRotation, complete, drain, failRotation, holdRotation, postponeRotation } from './progress.ts'
import { verifyNew } from './verify-new.ts'

export interface IntegrationRotatorDeps extends HandOverDeps {
  sendAlert: SendAlert
  /** Told of each attempt: what it came to, or that it failed. */
  onAttempt(rotation: { kind: string; outcome: string }): void
  log: Logger
}

/**
 * Gives the job of a rotation of a credential elsewhere: create new, hand over, verify new and, in a job of its own once
 * the grace is over, delete old; of a forced one delete old comes second. Each part is noted when it is done, so the job
 * can begin again after a death at any point. Never throws: what failed is tried again when its row says so.
 */
export function createIntegrationRotator(deps: IntegrationRotatorDeps): (rotationId: string) => Promise<void> {
  const { context, log } = deps
  const { db, now } = context
  return async (rotationId) => {
    const rotation = await findRotation(db, rotationId)
    if (rotation.wakesAt.getTime() > now()) return
    const release = hold(deps, rotationId)
    try {
      const attempt = await startJob(db, rotation.jobId, now())
      if (attempt === undefined) return
      await beginRotation(db, rotationId, now())
      const place = { rotationId, jobId: rotation.jobId, attempt }
      await work(deps, rotation, place).catch((error: unknown) => giveUpOrWait(deps, rotation, place, error))
    } catch (error) {
      log.warn({ err: error, rotationId }, 'what became of a rotation could not be noted; it begins again')
    } finally {
      release()
    }
  }
}

/** Holds a rotation for as long as it is worked on; a worker that dies stops saying so. */
function hold({ context, log }: IntegrationRotatorDeps, rotationId: string): () => void {
  const say = () =>
    holdRotation(context.db, rotationId).catch((error: unknown) =>
      log.warn({ err: error, rotationId }, 'a rotation could not be held'),
    )
  const timer = setInterval(say, leaseMs / 3)
  return () => clearInterval(timer)
}

async function work(deps: IntegrationRotatorDeps, rotation: RotationRow, place: Place): Promise<void> {
  const { context } = deps
  const { jobId, attempt } = place
  const part = <T extends Record<string, unknown>>(processor: string, run: () => Promise<T>) =>
    runProcessor(context, { jobId, attempt, processor }, run)

  if (rotation.state === 'draining') {
    await part('delete-old', () => deleteOld(deps, place))
    await complete(context, place)
    deps.onAttempt({ kind: rotation.kind, outcome: 'completed' })
    return
  }
  const isForced = rotation.kind === 'forced'
  await part('create-new', () => createNew(deps, place))
  if (isForced) await part('delete-old', () => deleteOld(deps, place))
  await part('hand-over', () => handOver(deps, place))
  await part('verify-new', () => verifyNew(deps, place))
  await part('tell-people', () => tellRotated(deps, rotation.id))
  await (isForced ? complete : drain)(context, place)
  deps.onAttempt({ kind: rotation.kind, outcome: isForced ? 'completed' : 'draining' })
}

async function tellRotated(deps: IntegrationRotatorDeps, rotationId: string): Promise<Record<string, unknown>> {
  const { context, sendAlert } = deps
  const rotation = await findRotation(context.db, rotationId)
  const credential = await findCredential(context.db, rotation.system, rotation.credentialId)
  const old = rotation.oldDeletedAt
    ? 'the old one is deleted'
    : `the old one is deleted at ${rotation.graceEndsAt?.toISOString()}`
  const explanation = `${rotation.kind} rotation: ${rotation.newRemoteName} took over from ${rotation.oldRemoteName}, ${old}`
  const news = { type: 'credential.rotated', severity: 'low', explanation, rotationId } as const
  await sendAlert(credentialAlert(rotation.system, credential, news, context.now()))
  return { alert: news.type }
}

/**
 * A store or a system that is away is no fault of the rotation: it waits for it, up to a day for another system, and for
 * Momentry's own however long.
 */
async function giveUpOrWait(
  deps: IntegrationRotatorDeps,
  rotation: RotationRow,
  place: Place,
  error: unknown,
): Promise<void> {
  const { context, sendAlert, log } = deps
  const { db, now } = context
  if (isOvertaken(error)) return
  const { rotationId, jobId, attempt } = place
  const why = tellError(error)
  log.warn({ err: error, rotationId, attempt }, 'a rotation of a credential elsewhere failed')
  deps.onAttempt({ kind: rotation.kind, outcome: 'failed' })
  if (!isFinal(error, rotation, attempt, now())) {
    await failJob(db, jobId, { error: why, final: false, attempt }, now())
    await postponeRotation(db, rotationId, { why, wakesAt: now() + waitOf(error, attempt), now: now() })
    return
  }
  const credential = await findCredential(db, rotation.system, rotation.credentialId)
  const explanation = `a ${rotation.kind} rotation failed after ${attempt} attempts: ${why}`
  const news = { type: 'credential.rotation-failed', severity: 'high', explanation, rotationId } as const
  // Before the row, so that a death in between tells twice and never not at all.
  await sendAlert(credentialAlert(rotation.system, credential, news, now()))
  await failRotation(context, rotationId, why)
  await failJob(db, jobId, { error: why, final: true, attempt }, now())
}

function isFinal(error: unknown, rotation: RotationRow, attempt: number, now: number): boolean {
  if (error instanceof MomentryError) {
    const isAway = ['REMOTE_UNREACHABLE', 'REMOTE_FAILED', 'REMOTE_BUSY'].includes(error.code)
    const since = Math.max(rotation.createdAt.getTime(), rotation.graceEndsAt?.getTime() ?? 0)
    if (isAway) return now - since > patienceMs
    return attempt >= (error.code === 'REMOTE_CREDENTIALS_REFUSED' ? maxRefusals : maxAttempts)
  }
  return attempt >= maxAttempts && !isPostgresUnavailable(error) && !isRedisUnavailable(error)
}

function waitOf(error: unknown, attempt: number): number {
  const asked = error instanceof MomentryError ? (error.retryAfterSeconds ?? 0) * 1000 : 0
  return Math.max(asked, backOff(attempt))
}
