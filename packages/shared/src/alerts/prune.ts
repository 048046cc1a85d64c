import type { Queryable } from '../platform/postgres/client.ts'
import { lt, type SQL, sql } from '../platform/postgres/query.ts'
import { alertSilences } from './table.ts'

/** Rows that one statement removes. */
const batchSize = 5_000

/**
 * Removes alerts that were told more than `keptDays` ago. The last one always stays: the next takes the number after it,
 * and numbers never come twice.
 * @param now ms
 * @returns how many
 */
export function pruneAlerts(db: Queryable, keptDays: number, now: number): Promise<number> {
  return inBatches(
    db,
    sql`
    delete from alert_log where seq = any (array(
      select seq from alert_log
      where told_at < ${daysAgo(keptDays, now)} and seq < (select max(seq) from alert_log)
      limit ${batchSize}))`,
  )
}

/** Removes silences that ended more than `keptDays` ago. @param now ms @returns how many */
export async function pruneSilences(db: Queryable, keptDays: number, now: number): Promise<number> {
  const { rowCount } = await db.delete(alertSilences).where(lt(alertSilences.endsAt, new Date(daysAgo(keptDays, now))))
  return rowCount ?? 0
}

function daysAgo(days: number, now: number): string {
  return new Date(now - days * 86_400_000).toISOString()
}

async function inBatches(db: Queryable, statement: SQL): Promise<number> {
  let removed = 0
  for (;;) {
    const { rowCount } = await db.execute(statement)
    removed += rowCount ?? 0
    if ((rowCount ?? 0) < batchSize) return removed
  }
}
