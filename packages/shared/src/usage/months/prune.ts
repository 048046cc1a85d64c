import type pg from 'pg'
import { monthAfter } from './make.ts'

const tables = [
  { name: 'api_key_usage', by: 'minute' },
  { name: 'api_key_usage_addresses', by: 'hour' },
] as const

const dayMs = 86_400_000
/** Rows of the rest that one statement removes. */
const batchSize = 10_000

export interface PrunedUsage {
  months: number
  rows: number
}

/**
 * Removes usage that is older than `keptDays`, by its own time: months that are over since then as a whole, and rows of the
 * rest, which is in no month.
 * @param now ms
 */
export async function pruneUsage(pool: pg.Pool, keptDays: number, now: number): Promise<PrunedUsage> {
  const oldest = now - keptDays * dayMs
  const pruned: PrunedUsage = { months: 0, rows: 0 }
  for (const { name, by } of tables) {
    pruned.months += await dropMonths(pool, name, oldest)
    pruned.rows += await emptyRest(pool, name, by, oldest)
  }
  return pruned
}

/** A month goes when even its last moment is too old. */
async function dropMonths(pool: pg.Pool, parent: string, oldest: number): Promise<number> {
  const firstKept = `${parent}_${monthAfter(oldest, 0).replaceAll('-', '').slice(0, 6)}`
  const { rows } = await pool.query<{ name: string }>(
    `SELECT relname AS name FROM pg_inherits JOIN pg_class c ON c.oid = inhrelid
     WHERE inhparent = $1::regclass AND relname ~ '_[0-9]{6}$' AND relname < $2 ORDER BY relname`,
    [parent, firstKept],
  )
  for (const { name } of rows) await pool.query(`DROP TABLE ${name}`)
  return rows.length
}

async function emptyRest(pool: pg.Pool, parent: string, by: string, oldest: number): Promise<number> {
  let removed = 0
  for (;;) {
    const { rowCount } = await pool.query(
      `DELETE FROM ${parent}_rest WHERE ctid = ANY (ARRAY(
         SELECT ctid FROM ${parent}_rest WHERE ${by} < to_timestamp($1 / 1000.0) LIMIT ${batchSize}))`,
      [oldest],
    )
    removed += rowCount ?? 0
    if ((rowCount ?? 0) < batchSize) return removed
  }
}
