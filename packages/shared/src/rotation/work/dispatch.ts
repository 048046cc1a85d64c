import type { DispatchedRow } from '../../jobs/dispatched.ts'
import type { Queryable } from '../../platform/postgres/client.ts'
import { inArray, sql } from '../../platform/postgres/query.ts'
import { queueName } from '../queue.ts'
import { apiKeyRotations } from '../table.ts'

interface Row extends Record<string, unknown> {
  id: string
  job_id: string
  forced: boolean
  waits: boolean
  traceparent: string | null
}

/** What was put on the queue this long ago and is not done yet is put there again: its job may be gone. */
const again = sql`interval '5 seconds'`

/**
 * Takes rotations whose job is not done and that nobody has put on the queue lately: before all others those whose secret
 * is not replaced yet, and of these the forced ones. This is how rows come onto the queue, at first and after a Redis that
 * forgot it. Each is given to one worker only.
 */
export async function takeDispatchable(db: Queryable, limit: number): Promise<DispatchedRow[]> {
  const { rows } = await db.execute<Row>(sql`
    with taken as (
      update api_key_rotations set enqueued_at = now()
      where id in (
        select r.id from jobs j join api_key_rotations r on r.job_id = j.id
        where j.queue = ${queueName} and j.state in ('queued', 'running')
          and (r.enqueued_at is null or r.enqueued_at < now() - ${again})
        order by r.state in ('queued', 'running') desc, r.kind = 'forced' desc, r.id limit ${limit}
        for update of r skip locked)
      returning id, job_id, kind = 'forced' as forced, state in ('queued', 'running') as waits,
        (select data ->> 'traceparent' from jobs where jobs.id = job_id) as traceparent)
    select * from taken order by waits desc, forced desc, id`)
  // What waits has its secret not replaced yet; otherwise only the telling is left.
  return rows.map(({ id, job_id, forced, waits, traceparent }) => ({
    ...{ rowId: id, jobId: job_id, urgent: forced, waits },
    traceparent: traceparent ?? undefined,
  }))
}

/** Puts back what was taken and not put on the queue, for the next who takes. */
export async function giveBack(db: Queryable, rotations: readonly DispatchedRow[]): Promise<void> {
  const ids = rotations.map(({ rowId }) => rowId)
  await db.update(apiKeyRotations).set({ enqueuedAt: null }).where(inArray(apiKeyRotations.id, ids))
}
