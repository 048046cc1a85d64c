import type { Context } from '../../platform/context.ts'
import { asc, eq } from '../../platform/postgres/query.ts'
import { jobProcessorResults } from '../table.ts'
import { getJob } from './get.ts'
import { type JobResultView, viewJobResult } from './view.ts'

/** More than any job has: steps are few, and so are attempts. */
const most = 1000

export interface JobResultPage {
  data: JobResultView[]
  /** `hasMore` tells where there are more than are shown; there is no way to page through them. */
  pagination: { cursor: null; hasMore: boolean }
}

/**
 * Lists the steps of a job, attempt by attempt, in the order in which they began; 1,000 at the most.
 * @throws MomentryError `JOB_NOT_FOUND`
 */
export async function listJobResults(context: Pick<Context, 'db'>, jobId: string): Promise<JobResultPage> {
  await getJob(context, jobId)
  const { attempt, startedAt, id } = jobProcessorResults
  const rows = await context.db
    .select()
    .from(jobProcessorResults)
    .where(eq(jobProcessorResults.jobId, jobId))
    .orderBy(asc(attempt), asc(startedAt), asc(id))
    .limit(most + 1)
  return { data: rows.slice(0, most).map(viewJobResult), pagination: { cursor: null, hasMore: rows.length > most } }
}
