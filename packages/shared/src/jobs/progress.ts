import type { Queryable } from '../platform/postgres/client.ts'
import { and, eq, inArray, lt, type SQL, sql } from '../platform/postgres/query.ts'
import { inTransaction } from '../platform/postgres/transaction.ts'
import { errorText } from './error-text.ts'
import type { JobState } from './states.ts'
import { jobProcessorResults, jobs } from './table.ts'

// Each of these changes a job only from the states that it may come from, and tells whether it did: two at once, or the
// same one twice, do no harm.

/**
 * Notes that a worker begins with a job: one that waits, or one whose worker died. Steps of earlier attempts that still
 * say `running` are shown as failed. What the attempt before said of its failure stays until the job is completed.
 * @param now ms
 * @returns the attempt, from 1; undefined where there is nothing to do: the job is over, or its row is gone
 */
export function startJob(db: Queryable, id: string, now: number): Promise<number | undefined> {
  const at = new Date(now)
  return inTransaction(db, async (tx) => {
    const [row] = await tx
      .update(jobs)
      .set({
        state: 'running',
        attempts: sql`${jobs.attempts} + 1`,
        startedAt: sql`coalesce(${jobs.startedAt}, ${sql.param(at, jobs.startedAt)})`,
        updatedAt: at,
      })
      .where(isIn(id, ['queued', 'running']))
      .returning({ attempts: jobs.attempts })
    if (!row) return undefined
    await endSteps(tx, and(eq(jobProcessorResults.jobId, id), lt(jobProcessorResults.attempt, row.attempts)), at)
    return row.attempts
  })
}

/**
 * Notes that a job is done. One that waits for its next attempt may be, too: a worker that was taken for dead was not.
 * @param now ms
 */
export function completeJob(db: Queryable, id: string, now: number): Promise<boolean> {
  const at = new Date(now)
  return change(db, isIn(id, ['queued', 'running']), {
    state: 'completed',
    error: null,
    finishedAt: at,
    updatedAt: at,
  })
}

export interface JobFailure {
  /** For people, with no secret in it; cut at 500 characters. */
  error: string
  /** false: it waits for another attempt. */
  final: boolean
  /** Which attempt failed. Where a later one runs already, nothing is changed. */
  attempt?: number
}

/** Notes that a running job failed, and that none of its steps runs any more. @param now ms */
export function failJob(db: Queryable, id: string, failure: JobFailure, now: number): Promise<boolean> {
  const at = new Date(now)
  const { attempt } = failure
  const from = and(isIn(id, ['running']), attempt === undefined ? undefined : eq(jobs.attempts, attempt))
  return inTransaction(db, async (tx) => {
    const changed = await change(tx, from, {
      state: failure.final ? 'failed' : 'queued',
      error: errorText(failure.error),
      finishedAt: failure.final ? at : null,
      updatedAt: at,
    })
    if (changed) await endSteps(tx, eq(jobProcessorResults.jobId, id), at)
    return changed
  })
}

/** Notes that a job is not wanted any more; whoever calls knows that its work is not done. @param now ms */
export function cancelJob(db: Queryable, id: string, now: number): Promise<boolean> {
  const at = new Date(now)
  return change(db, isIn(id, ['queued', 'running']), { state: 'cancelled', finishedAt: at, updatedAt: at })
}

/**
 * Lets a failed job wait again, with all of its attempts before it. They are counted from 1 anew, so the steps of the
 * earlier ones are removed; the error stays until the job is completed, and `startedAt` for good.
 * @param now ms
 */
export function requeueJob(db: Queryable, id: string, now: number): Promise<boolean> {
  return inTransaction(db, async (tx) => {
    const changed = await change(tx, isIn(id, ['failed']), {
      state: 'queued',
      attempts: 0,
      finishedAt: null,
      updatedAt: new Date(now),
    })
    if (changed) await tx.delete(jobProcessorResults).where(eq(jobProcessorResults.jobId, id))
    return changed
  })
}

function isIn(id: string, states: JobState[]): SQL | undefined {
  return and(eq(jobs.id, id), inArray(jobs.state, states))
}

async function change(db: Queryable, from: SQL | undefined, to: Partial<typeof jobs.$inferInsert>): Promise<boolean> {
  const { rowCount } = await db.update(jobs).set(to).where(from)
  return rowCount === 1
}

/** A step of an attempt that is over does not run, whatever its row says: its worker died before it could tell. */
async function endSteps(db: Queryable, steps: SQL | undefined, at: Date): Promise<void> {
  await db
    .update(jobProcessorResults)
    .set({ status: 'failed', finishedAt: at, error: 'the worker stopped before it ended' })
    .where(and(steps, eq(jobProcessorResults.status, 'running')))
}
