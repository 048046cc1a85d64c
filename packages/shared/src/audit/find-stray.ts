import type { Queryable } from '../platform/postgres/client.ts'
import { isNull, sql } from '../platform/postgres/query.ts'
import type { BrokenRow } from './chain.ts'
import { dayAfter } from './day.ts'
import { apiKeyAuditHeads } from './table.ts'

/**
 * Finds a row that no head speaks of: in a partition of another day, in one that holds more than its day, or in one that
 * was dropped as old. Somebody wrote it around Momentry, or took its head away. Partitions that hold nothing are well.
 */
export async function findStray(db: Queryable): Promise<BrokenRow | undefined> {
  const heads = await db
    .select({ day: apiKeyAuditHeads.day })
    .from(apiKeyAuditHeads)
    .where(isNull(apiKeyAuditHeads.prunedAt))
  const known = new Set(heads.map(({ day }) => boundOf(day)))
  await db.execute(sql`set local timezone = 'UTC'`)
  const partitions = await db.execute<{ name: string; bound: string }>(sql`
    select inhrelid::regclass::text as name, pg_get_expr(relpartbound, oid) as bound
    from pg_inherits join pg_class on oid = inhrelid where inhparent = 'api_key_audit_log'::regclass`)
  for (const { name, bound } of partitions.rows) {
    if (known.has(bound)) continue
    const { rows } = await db.execute<{ seq: string | null }>(sql`select min(seq) as seq from ${sql.raw(name)}`)
    const seq = rows[0]?.seq
    if (seq != null) return { seq: Number(seq), reason: 'no signed head knows the day of this row' }
  }
  return undefined
}

/** As Postgres writes it where the time zone is UTC. */
function boundOf(day: string): string {
  return `FOR VALUES FROM ('${day} 00:00:00+00') TO ('${dayAfter(day)} 00:00:00+00')`
}
