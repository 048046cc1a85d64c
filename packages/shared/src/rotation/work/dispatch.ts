import { sql } from 'drizzle-orm'
import type { Queryable } from '../../platform/postgres/client.ts'
import { queueName } from '../queue.ts'

export interface DispatchedRotation {
  rotationId: string
  jobId: string
  forced: boolean
}

/** What was put on the queue this long ago and is not done yet is put there again: its job may be gone. */
const again = sql`interval '5 seconds'`

/**
 * Takes rotations whose job is not done and that nobody has put on the queue lately, forced ones first. This is how rows
 * come onto the queue, at first and after a Redis that forgot it. Each is given to one worker only.
 */
export async function takeDispatchable(db: Queryable, limit: number): Promise<DispatchedRotation[]> {
  const { rows } = await db.execute<{ id: string; job_id: string; forced: boolean }>(sql`
    update api_key_rotations set enqueued_at = now()
    where id in (
      select r.id from jobs j join api_key_rotations r on r.job_id = j.id
      where j.queue = ${queueName} and j.state in ('queued', 'running')
        and (r.enqueued_at is null or r.enqueued_at < now() - ${again})
      order by r.kind = 'forced' desc, r.id limit ${limit}
      for update of r skip locked)
    returning id, job_id, kind = 'forced' as forced`)
  return rows.map((row) => ({ rotationId: row.id, jobId: row.job_id, forced: row.forced }))
}
