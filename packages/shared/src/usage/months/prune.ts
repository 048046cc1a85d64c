import type { Queryable } from '../../platform/postgres/client.ts'
import { sql } from '../../platform/postgres/query.ts'
import { monthAfter } from './make.ts'
import { unlessHeld } from './unless-held.ts'

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
 * rest, which is in no month. A month that is being read stays until the next turn.
 * @param now ms
 */
export async function pruneUsage(db: Queryable, keptDays: number, now: number): Promise<PrunedUsage> {
  const oldest = now - keptDays * dayMs
  const pruned: PrunedUsage = { months: 0, rows: 0 }
  for (const { name, by } of tables) {
    pruned.months += await dropMonths(db, name, oldest)
    pruned.rows += await emptyRest(db, name, by, oldest)
  }
  return pruned
}

/** A month goes when even its last moment is too old. */
async function dropMonths(db: Queryable, parent: string, oldest: number): Promise<number> {
  const firstKept = `${parent}_${monthAfter(oldest, 0).replaceAll('-', '').slice(0, 6)}`
  const { rows } = await db.execute<{ name: string }>(sql`
    select relname as name from pg_inherits join pg_class c on c.oid = inhrelid
    where inhparent = ${parent}::regclass and relname ~ '_[0-9]{6}$' and relname < ${firstKept} order by relname`)
  if (rows.length === 0) return 0
  return unlessHeld(db, async (tx) => {
    // Another worker may have been faster.
    for (const { name } of rows) await tx.execute(sql`drop table if exists ${sql.identifier(name)}`)
    return rows.length
  })
}

async function emptyRest(db: Queryable, parent: string, by: string, oldest: number): Promise<number> {
  const [rest, time] = [sql.identifier(`${parent}_rest`), sql.identifier(by)]
  let removed = 0
  for (;;) {
    const { rowCount } = await db.execute(sql`
      delete from ${rest} where ctid = any (array(
        select ctid from ${rest} where ${time} < to_timestamp(${oldest} / 1000.0) limit ${batchSize}))`)
    removed += rowCount ?? 0
    if ((rowCount ?? 0) < batchSize) return removed
  }
}
