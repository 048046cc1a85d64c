import { createId } from '../platform/id.ts'
import type { Queryable } from '../platform/postgres/client.ts'
import { jobs } from './table.ts'

export interface NewJob {
  /** `rotations` or `upkeep`. */
  queue: string
  name: string
  /** Which key it is about, where it is about one. */
  keyId?: string
  /** What the job is given: ids, never a secret. Anybody with `jobs:read` sees it. */
  data: Record<string, unknown>
  maxAttempts: number
  /** What asked for it, where that is traced. */
  traceparent?: string | undefined
}

/** Writes the row of a job that waits to be run. @param now ms @returns its id */
export async function createJob(db: Queryable, { traceparent, ...job }: NewJob, now: number): Promise<string> {
  const id = createId()
  const at = new Date(now)
  const data = traceparent === undefined ? job.data : { ...job.data, traceparent }
  await db.insert(jobs).values({ ...job, data, id, state: 'queued', createdAt: at, updatedAt: at })
  return id
}
