import type { Queryable } from '../../platform/postgres/client.ts'
import { inArray, sql } from '../../platform/postgres/query.ts'
import { alertDeliveries } from '../table.ts'
import type { DeliveryRow } from './view.ts'

/** So long a message is one alerter's alone, seconds; after that the alerter is taken to be dead. */
export const leaseSeconds = 60
/**
 * So many attempts a message holds back those of its sink that came after it, so that they arrive in order where a receiver
 * is away for minutes; then they pass it, so that one that is always refused does not hold back the others for a day.
 */
export const holdingAttempts = 4

/**
 * Takes messages that are due, one of a sink at the most, and none of a sink that somebody is sending to: in the order in
 * which they were made. What says that an anomaly is over waits for what told of it.
 * @param limit how many
 */
export function claimDeliveries(db: Queryable, limit: number, now: Date): Promise<DeliveryRow[]> {
  return db.transaction(async (tx) => {
    const at = now.toISOString()
    // Whoever holds a sink's row is choosing its next message; the statement after this one sees what others chose.
    const sinks = await tx.execute<{ id: string }>(sql`
      select s.id from alert_sinks s
      where s.state = 'active' and exists (
        select from alert_deliveries d where d.sink_id = s.id and d.state = 'waiting' and d.next_attempt_at <= ${at})
      for no key update skip locked`)
    const ids = sinks.rows.map(({ id }) => id)
    if (ids.length === 0) return []
    const heads = await tx.execute<{ id: string }>(sql`
      select head.id from unnest(${sql.param(ids)}::uuid[]) as s (id) cross join lateral (
        select d.id, d.next_attempt_at from alert_deliveries d
        where d.sink_id = s.id and d.state = 'waiting' and d.next_attempt_at <= ${at} and not ${isHeldBack(at)}
        order by d.id limit 1) head
      where not exists (select from alert_deliveries b
        where b.sink_id = s.id and b.state = 'waiting' and b.leased_until > ${at})
      order by head.next_attempt_at limit ${limit}`)
    if (heads.rows.length === 0) return []
    const leasedUntil = new Date(now.getTime() + leaseSeconds * 1000)
    const { id, attempts } = alertDeliveries
    return tx
      .update(alertDeliveries)
      .set({ attempts: sql`${attempts} + 1`, leasedUntil })
      .where(
        inArray(
          id,
          heads.rows.map((row) => row.id),
        ),
      )
      .returning()
  })
}

/** A message that waits longer than its retries let it, for a quiet time to end, holds nobody back. */
const isHeldBack = (at: string) => sql`exists (
  select from alert_deliveries e
  where e.sink_id = d.sink_id and e.state = 'waiting' and e.id < d.id and (
    e.attempts between 1 and ${sql.raw(`${holdingAttempts}`)}
      and e.next_attempt_at < ${at}::timestamptz + interval '15 minutes'
    or d.resolves is not null and exists (
      select from alert_log l where l.alert_id = d.resolves and e.alert_seqs @> array[l.seq])))`
