import type { Queryable } from '../../platform/postgres/client.ts'
import { sql } from '../../platform/postgres/query.ts'

/** So long what is over can be looked at, and sent again. */
const keptDays = 30
/** Rows that one statement removes. */
const batchSize = 5_000

/** Removes messages that are over since 30 days. @param now ms @returns how many */
export async function pruneDeliveries(db: Queryable, now: number): Promise<number> {
  const oldest = new Date(now - keptDays * 86_400_000).toISOString()
  for (let removed = 0; ; ) {
    const { rowCount } = await db.execute(sql`
      delete from alert_deliveries where id = any (array(
        select id from alert_deliveries where finished_at < ${oldest} limit ${batchSize}))`)
    removed += rowCount ?? 0
    if ((rowCount ?? 0) < batchSize) return removed
  }
}
