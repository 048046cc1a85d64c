import type { SendAlert } from '../../alerts/send.ts'
import { tellError } from '../../jobs/error-text.ts'
import { completeJob, failJob, startJob } from '../../jobs/progress.ts'
import { runProcessor } from '../../jobs/run-processor.ts'
import type { Context } from '../../platform/context.ts'
import { isPostgresUnavailable } from '../../platform/postgres/client.ts'
import type { Logger } from '../../platform/process/log.ts'
import { isRedisUnavailable } from '../../platform/redis/client.ts'
import { rotationAlert } from '../alert.ts'
import { maxAttempts } from '../queue.ts'
import { findRotation } from '../read/select.ts'
import type { RotationKind, RotationState } from '../states.ts'
import { type ExecuteDeps, executeRotation } from './execute.ts'
import { beginRotation, failRotation, postponeRotation } from './progress.ts'

export interface RotatorDeps extends ExecuteDeps {
  /** Momentry's own: a worker acts for nobody. */
  context: Context
  /** Tells every process of committed changes of a key that nobody has told of yet. @throws where Redis is away */
  publishChangesOf(keyId: string): Promise<number>
  sendAlert: SendAlert
  /** Told of each attempt: what it came to, or that it failed. */
  onAttempt(rotation: { kind: RotationKind; outcome: RotationState }): void
  log: Logger
}

/** Works on a rotation; see `createRotator`. */
export type Rotate = (rotationId: string) => Promise<void>

/**
 * Gives the job of a rotation: replace the secret, tell every process, tell people. Each step is harmless where it is
 * done already, so the job can begin again after a death at any point, and two of it at once do no harm.
 */
export function createRotator(deps: RotatorDeps): Rotate {
  const { context, log } = deps
  const { db, now } = context
  return async (rotationId) => {
    const { rotation } = await findRotation(db, rotationId)
    const attempt = await startJob(db, rotation.jobId, now())
    if (attempt === undefined) return
    try {
      await beginRotation(db, rotationId, now())
      const at = { jobId: rotation.jobId, attempt }
      const outcome = await runSteps(deps, rotationId, at)
      await endJob(deps, rotationId, at, outcome)
      deps.onAttempt({ kind: rotation.kind, outcome })
    } catch (error) {
      deps.onAttempt({ kind: rotation.kind, outcome: 'failed' })
      await giveUpOrWait(deps, { rotationId, jobId: rotation.jobId, attempt }, error).catch((failure: unknown) =>
        log.warn({ err: failure, rotationId }, 'what became of a rotation could not be noted; it begins again'),
      )
      throw error
    }
  }
}

async function runSteps(
  deps: RotatorDeps,
  rotationId: string,
  at: { jobId: string; attempt: number },
): Promise<RotationState> {
  const { context } = deps
  const { db, now } = context
  const step = <T extends Record<string, unknown>>(processor: string, work: () => Promise<T>) =>
    runProcessor({ db, now }, { ...at, processor }, work)

  const { state } = await step('replace-secret', () => executeRotation(context, deps, rotationId))
  if (state !== 'completed') return state
  const row = await findRotation(db, rotationId)
  await step('tell-processes', async () => ({ published: await deps.publishChangesOf(row.rotation.keyId) }))
  await step('tell-people', async () => {
    const { fromVersion, toVersion, kind, graceEndsAt } = row.rotation
    const grace =
      graceEndsAt && graceEndsAt.getTime() > now() ? `, the old one stops at ${graceEndsAt.toISOString()}` : ''
    const explanation = `${kind} rotation: secret ${toVersion} took over from ${fromVersion}${grace}`
    const alert = rotationAlert(row, { type: 'rotation.completed', severity: 'low', explanation }, now())
    await deps.sendAlert(alert)
    return { alert: alert.type }
  })
  return state
}

/** A job ends as its rotation did. One that an attempt gave up and could not say so of the job is failed, to be tried again. */
async function endJob(
  { context: { db, now } }: RotatorDeps,
  rotationId: string,
  { jobId, attempt }: { jobId: string; attempt: number },
  outcome: RotationState,
): Promise<void> {
  if (outcome !== 'failed') {
    await completeJob(db, jobId, now())
    return
  }
  const { rotation } = await findRotation(db, rotationId)
  await failJob(db, jobId, { error: rotation.error ?? 'the rotation failed', final: true, attempt }, now())
}

/** A store that is away is no fault of the rotation: it waits for it, however long that takes. */
async function giveUpOrWait(
  deps: RotatorDeps,
  { rotationId, jobId, attempt }: { rotationId: string; jobId: string; attempt: number },
  error: unknown,
): Promise<void> {
  const { context, sendAlert } = deps
  const { db, now } = context
  const final = attempt >= maxAttempts && !isPostgresUnavailable(error) && !isRedisUnavailable(error)
  const why = tellError(error)
  if (!final) {
    await failJob(db, jobId, { error: why, final, attempt }, now())
    await postponeRotation(db, rotationId, why, now())
    return
  }
  const row = await findRotation(db, rotationId)
  const explanation = `a ${row.rotation.kind} rotation failed after ${attempt} attempts: ${why}`
  // Before the row, so that a death in between tells twice and never not at all.
  if (row.rotation.state !== 'completed')
    await sendAlert(rotationAlert(row, { type: 'rotation.failed', severity: 'high', explanation }, now()))
  await failRotation(context, rotationId, why)
  await failJob(db, jobId, { error: why, final, attempt }, now())
}
