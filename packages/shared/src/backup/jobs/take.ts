import type { DispatchedRow } from '../../jobs/dispatched.ts'
import type { Queryable } from '../../platform/postgres/client.ts'
import { sql } from '../../platform/postgres/query.ts'
import { backupQueue } from './work.ts'

/** A job that runs says so this often … */
export const beatMs = 5_000
/** … and one that has not for this long has lost its worker. */
const silent = sql`interval '30 seconds'`

/** Takes jobs that wait, and those whose worker died. The queue itself has each of them once. */
export async function takeBackupJobs(db: Queryable, limit: number): Promise<DispatchedRow[]> {
  const { rows } = await db.execute<{ id: string }>(sql`
    select id from jobs where queue = ${backupQueue}
      and (state = 'queued' or (state = 'running' and updated_at < now() - ${silent}))
    order by id limit ${limit}`)
  return rows.map(({ id }) => ({ rowId: id, jobId: id, urgent: false, waits: true }))
}
