import { z } from 'zod'

/** What the CLI reads of the job worker's views; loose, as `shapes.ts` says. */
const time = z.string().max(40)

export const jobSchema = z.looseObject({
  id: z.uuid(),
  queue: z.string(),
  name: z.string(),
  state: z.string(),
  keyId: z.string().nullish(),
  attempts: z.number(),
  maxAttempts: z.number(),
  error: z.string().nullish(),
  createdAt: time,
  startedAt: time.nullish(),
  finishedAt: time.nullish(),
})
export type Job = z.infer<typeof jobSchema>

export const jobResultSchema = z.looseObject({
  processor: z.string(),
  attempt: z.number(),
  status: z.string(),
  startedAt: time,
  finishedAt: time.nullish(),
  output: z.unknown().optional(),
  error: z.string().nullish(),
})
export type JobResult = z.infer<typeof jobResultSchema>
