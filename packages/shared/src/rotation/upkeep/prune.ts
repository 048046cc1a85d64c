import type { Queryable } from '../../platform/postgres/client.ts'
import { sql } from '../../platform/postgres/query.ts'

/** Rows that one statement removes. */
const batchSize = 5_000

/**
 * Removes who used which version around rotations that are over since `keptDays`, and what policies did by then. The
 * rotations themselves stay: they tell how each version came to be.
 * @param now ms
 * @returns how many rows
 */
export async function pruneRotations(db: Queryable, keptDays: number, now: number): Promise<number> {
  const oldest = new Date(now - keptDays * 86_400_000).toISOString()
  const usage = await inBatches(
    db,
    sql`
    delete from api_key_rotation_usage where ctid = any (array(
      select u.ctid from api_key_rotation_usage u join api_key_rotations r on r.id = u.rotation_id
      where r.finished_at < ${oldest} and u.last_used_at < ${oldest} limit ${batchSize}))`,
  )
  const actions = await inBatches(
    db,
    sql`
    delete from api_key_policy_actions where anomaly_id = any (array(
      select anomaly_id from api_key_policy_actions where at < ${oldest} limit ${batchSize}))`,
  )
  return usage + actions
}

async function inBatches(db: Queryable, statement: ReturnType<typeof sql>): Promise<number> {
  let removed = 0
  for (;;) {
    const { rowCount } = await db.execute(statement)
    removed += rowCount ?? 0
    if ((rowCount ?? 0) < batchSize) return removed
  }
}
