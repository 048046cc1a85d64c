import type { Context } from '../../platform/context.ts'
import { and, desc, eq, lt } from '../../platform/postgres/query.ts'
import { jobs } from '../table.ts'
import type { ListJobsInput } from './schemas.ts'
import { type JobView, viewJob } from './view.ts'

export interface JobPage {
  data: JobView[]
  pagination: { cursor: string | null; hasMore: boolean }
}

/** Lists jobs, the newest first: ids are UUIDs of version 7, which sort by the time of their making. */
export async function listJobs({ db }: Pick<Context, 'db'>, input: ListJobsInput): Promise<JobPage> {
  const { queue, state, keyId, cursor, limit } = input
  const rows = await db
    .select()
    .from(jobs)
    .where(
      and(
        cursor === undefined ? undefined : lt(jobs.id, cursor),
        queue === undefined ? undefined : eq(jobs.queue, queue),
        state === undefined ? undefined : eq(jobs.state, state),
        keyId === undefined ? undefined : eq(jobs.keyId, keyId),
      ),
    )
    .orderBy(desc(jobs.id))
    .limit(limit + 1)
  const page = rows.slice(0, limit)
  const hasMore = rows.length > limit
  return { data: page.map(viewJob), pagination: { cursor: hasMore ? (page.at(-1)?.id ?? null) : null, hasMore } }
}
