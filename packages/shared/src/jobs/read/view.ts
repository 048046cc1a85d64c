import { z } from 'zod'
import { jobStates, processorStatuses } from '../states.ts'
import type { jobProcessorResults, jobs } from '../table.ts'

const time = z.iso.datetime()
const json = z.record(z.string(), z.unknown())

/** A job as the API, the CLI and the console show it: each column of its row, by its name. */
export const jobSchema = z
  .object({
    id: z.uuid(),
    queue: z.string(),
    name: z.string(),
    state: z.enum(jobStates),
    keyId: z.uuid().nullable().meta({ description: 'The key that it is about' }),
    data: json.meta({ description: 'What the job was given: ids, never a secret' }),
    attempts: z.int().meta({ description: 'Begun so far; a retry counts anew' }),
    maxAttempts: z.int(),
    error: z.string().nullable().meta({ description: 'Why the last attempt failed, until the job is completed' }),
    createdAt: time,
    startedAt: time.nullable().meta({ description: 'When its first attempt began' }),
    finishedAt: time.nullable(),
    updatedAt: time,
  })
  .meta({ id: 'Job' })
export type JobView = z.infer<typeof jobSchema>

/** What became of one step (processor) of a job, at one attempt. */
export const jobResultSchema = z
  .object({
    id: z.uuid(),
    jobId: z.uuid(),
    processor: z.string(),
    attempt: z.int().meta({ description: 'From 1' }),
    status: z.enum(processorStatuses),
    startedAt: time,
    finishedAt: time.nullable(),
    output: json.nullable(),
    error: z.string().nullable(),
  })
  .meta({ id: 'JobResult' })
export type JobResultView = z.infer<typeof jobResultSchema>

export function viewJob(row: typeof jobs.$inferSelect): JobView {
  return {
    id: row.id,
    queue: row.queue,
    name: row.name,
    state: row.state,
    keyId: row.keyId,
    data: row.data,
    attempts: row.attempts,
    maxAttempts: row.maxAttempts,
    error: row.error,
    createdAt: row.createdAt.toISOString(),
    startedAt: row.startedAt?.toISOString() ?? null,
    finishedAt: row.finishedAt?.toISOString() ?? null,
    updatedAt: row.updatedAt.toISOString(),
  }
}

export function viewJobResult(row: typeof jobProcessorResults.$inferSelect): JobResultView {
  return {
    id: row.id,
    jobId: row.jobId,
    processor: row.processor,
    attempt: row.attempt,
    status: row.status,
    startedAt: row.startedAt.toISOString(),
    finishedAt: row.finishedAt?.toISOString() ?? null,
    output: row.output,
    error: row.error,
  }
}
