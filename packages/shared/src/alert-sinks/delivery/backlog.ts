import type { Queryable } from '../../platform/postgres/client.ts'
import { sql } from '../../platform/postgres/query.ts'

export interface DeliveryBacklog {
  /** Messages to active sinks that are not delivered yet. */
  waiting: number
  /** How late the latest of them is, seconds: since it was due first or, where it was tried, since it was made. 0: none is. */
  oldestSeconds: number
}

/** Looks at what waits. @param now ms */
export async function readBacklog(db: Queryable, now: number): Promise<DeliveryBacklog> {
  const at = new Date(now).toISOString()
  const { rows } = await db.execute<{ waiting: number; oldest: number | null }>(sql`
    select count(*)::int as waiting,
      max(extract(epoch from ${at}::timestamptz - case when d.attempts > 0 then d.created_at else d.next_attempt_at end))::float8
        as oldest
    from alert_deliveries d join alert_sinks s on s.id = d.sink_id
    where d.state = 'waiting' and s.state = 'active'`)
  return { waiting: rows[0]?.waiting ?? 0, oldestSeconds: Math.max(0, rows[0]?.oldest ?? 0) }
}
