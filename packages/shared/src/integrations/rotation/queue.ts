import type { DispatchedRow } from '../../jobs/dispatched.ts'
import type { Queryable } from '../../platform/postgres/client.ts'
import { inArray, sql } from '../../platform/postgres/query.ts'
import { integrationRotations } from '../table.ts'

/** The BullMQ queue, and the `queue` of the jobs' rows: other systems are slow, and must not hold up Momentry's own keys. */
export const queueName = 'integration-rotations'

/** Tries of one rotation before a person has to look: with back-off, about 15 s. A system that is away makes none the last. */
export const maxAttempts = 6

/** Tries with an account that is refused: systems lock accounts whose password is wrong again and again. */
export const maxRefusals = 2

const backOffMs = 500
const longestWaitMs = 300_000

/** How long another system may be away before a rotation is given up. */
export const patienceMs = 86_400_000

/** When a rotation is tried again after an attempt that failed, from 1; ms from now. */
export function backOff(attempt: number): number {
  return Math.min(backOffMs * 2 ** (attempt - 1), longestWaitMs)
}

/** Whoever works on a rotation says so more often than this; what nobody works on is put on the queue again. */
export const leaseMs = 5_000

interface Row extends Record<string, unknown> {
  id: string
  job_id: string
  urgent: boolean
  traceparent: string | null
}

/** Takes rotations that are due and that nobody works on, the forced ones first. Each is given to one worker only. */
export async function takeDispatchable(db: Queryable, limit: number): Promise<DispatchedRow[]> {
  const { rows } = await db.execute<Row>(sql`
    with taken as (
      update integration_rotations set enqueued_at = now()
      where id in (
        select r.id from integration_rotations r join jobs j on j.id = r.job_id
        where r.state in ('queued', 'running', 'draining') and r.wakes_at <= now() and j.state in ('queued', 'running')
          and (r.enqueued_at is null or r.enqueued_at < now() - ${leaseMs} * interval '1 millisecond')
        order by r.kind = 'forced' desc, r.id limit ${limit}
        for update of r skip locked)
      returning id, job_id, kind = 'forced' as urgent,
        (select data ->> 'traceparent' from jobs where jobs.id = job_id) as traceparent)
    select * from taken order by urgent desc, id`)
  return rows.map(({ id, job_id, urgent, traceparent }) => ({
    ...{ rowId: id, jobId: job_id, urgent, waits: true },
    traceparent: traceparent ?? undefined,
  }))
}

/** Puts back what was taken and not put on the queue, for the next who takes. */
export async function giveBack(db: Queryable, rows: readonly DispatchedRow[]): Promise<void> {
  const ids = rows.map(({ rowId }) => rowId)
  await db.update(integrationRotations).set({ enqueuedAt: null }).where(inArray(integrationRotations.id, ids))
}
