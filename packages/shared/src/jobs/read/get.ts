import { MomentryError } from '../../errors.ts'
import type { Context } from '../../platform/context.ts'
import { eq } from '../../platform/postgres/query.ts'
import { jobs } from '../table.ts'
import { type JobView, viewJob } from './view.ts'

/** Reads one job. @throws MomentryError `JOB_NOT_FOUND` */
export async function getJob({ db }: Pick<Context, 'db'>, id: string): Promise<JobView> {
  const [row] = await db.select().from(jobs).where(eq(jobs.id, id))
  if (!row) throw new MomentryError('JOB_NOT_FOUND', 'there is no job with this id')
  return viewJob(row)
}
