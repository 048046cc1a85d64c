import type { Clock } from '../platform/clock.ts'
import { createId } from '../platform/id.ts'
import type { Queryable } from '../platform/postgres/client.ts'
import { and, eq } from '../platform/postgres/query.ts'
import { tellError } from './error-text.ts'
import { jobProcessorResults } from './table.ts'

export interface ProcessorDeps {
  /** Not the step's own transaction: what is noted of a step stays where the step is rolled back. */
  db: Queryable
  now: Clock
}

export interface ProcessorPlace {
  jobId: string
  /** As `startJob` gave it. */
  attempt: number
  /** The step's name, once per attempt. */
  processor: string
}

/**
 * Runs one step of a job and notes how it goes, in one row per job, attempt and step.
 * @param work gives the step's output, which anybody with `jobs:read` sees: never a secret
 * @returns the output
 * @throws whatever `work` throws, once that is noted. Where the end of a step that worked cannot be noted, that is
 *   thrown: the job's next attempt runs the step again
 */
export async function runProcessor<T extends Record<string, unknown>>(
  { db, now }: ProcessorDeps,
  place: ProcessorPlace,
  work: () => Promise<T>,
): Promise<T> {
  const begun = { status: 'running', startedAt: new Date(now()), finishedAt: null, output: null, error: null } as const
  const { jobId, attempt, processor } = jobProcessorResults
  await db
    .insert(jobProcessorResults)
    .values({ id: createId(), ...place, ...begun })
    .onConflictDoUpdate({ target: [jobId, attempt, processor], set: begun })
  const isHere = and(eq(jobId, place.jobId), eq(attempt, place.attempt), eq(processor, place.processor))
  const note = (end: Partial<typeof jobProcessorResults.$inferInsert>) =>
    db
      .update(jobProcessorResults)
      .set({ ...end, finishedAt: new Date(now()) })
      .where(isHere)

  let output: T
  try {
    output = await work()
  } catch (error) {
    try {
      await note({ status: 'failed', error: tellError(error) })
    } catch {
      // Why the step failed matters more than that it could not be noted; the next attempt corrects the row.
    }
    throw error
  }
  await note({ status: 'completed', output, error: null })
  return output
}
