import { createId } from '../platform/id.ts'
import type { Queryable } from '../platform/postgres/client.ts'
import { errorText } from './error-text.ts'
import { jobProcessorResults, jobs } from './table.ts'

export interface Run {
  queue: string
  name: string
  /** ms */
  startedAt: number
  /** ms */
  finishedAt: number
  /** What it gave; undefined where it failed. */
  output: Record<string, unknown> | undefined
  /** Why it failed, for people, with no secret in it. */
  error: string | undefined
}

/** Writes the row of a job that came round by itself and is over, with its one step. */
export async function recordRun(db: Queryable, run: Run): Promise<void> {
  const { queue, name, output } = run
  const id = createId()
  const times = { startedAt: new Date(run.startedAt), finishedAt: new Date(run.finishedAt) }
  const state = run.error === undefined ? 'completed' : 'failed'
  const error = run.error === undefined ? null : errorText(run.error)
  await db.transaction(async (tx) => {
    await tx.insert(jobs).values({
      ...times,
      id,
      queue,
      name,
      state,
      error,
      data: {},
      attempts: 1,
      maxAttempts: 1,
      createdAt: times.startedAt,
      updatedAt: times.finishedAt,
    })
    await tx.insert(jobProcessorResults).values({
      ...times,
      id: createId(),
      jobId: id,
      processor: name,
      attempt: 1,
      status: state,
      output: output ?? null,
      error,
    })
  })
}
