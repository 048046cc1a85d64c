import { readMigrationFiles } from 'drizzle-orm/migrator'
import type pg from 'pg'
import { migrationsFolder } from '../../platform/postgres/migrate.ts'

export interface SchemaReading {
  /** When each migration was made, ms: that is what the migrator tells them by. */
  known: readonly number[]
  applied: readonly number[]
  tables: readonly PartedTable[]
}

/** A table that is parted by time. */
export interface PartedTable {
  name: string
  /** Rows of a time that no partition is for have a place all the same. */
  hasDefault: boolean
  partitions: readonly { from: Date; to: Date }[]
}

export async function readSchema(pool: pg.Pool): Promise<SchemaReading> {
  const known = readMigrationFiles({ migrationsFolder }).map(({ folderMillis }) => folderMillis)
  return { known, applied: await readApplied(pool), tables: await readTables(pool) }
}

async function readApplied(pool: pg.Pool): Promise<number[]> {
  const table = await pool.query<{ exists: boolean }>(
    `SELECT to_regclass('drizzle.__drizzle_migrations') IS NOT NULL AS exists`,
  )
  if (!table.rows[0]?.exists) return []
  const { rows } = await pool.query<{ made: string }>(
    'SELECT created_at AS made FROM drizzle.__drizzle_migrations ORDER BY created_at',
  )
  return rows.map(({ made }) => Number(made))
}

interface PartitionRow {
  name: string
  is_default: boolean
  beginning: Date | null
  ending: Date | null
}

/** From the catalogue, whatever tables there are. */
async function readTables(pool: pg.Pool): Promise<PartedTable[]> {
  const { rows } = await pool.query<PartitionRow>(`
    SELECT parent.relname AS name, bound = 'DEFAULT' AS is_default,
      (regexp_match(bound, 'FROM \\(''([^'']+)''\\)'))[1]::timestamptz AS beginning,
      (regexp_match(bound, 'TO \\(''([^'']+)''\\)'))[1]::timestamptz AS ending
    FROM pg_partitioned_table
    JOIN pg_class parent ON parent.oid = partrelid AND parent.relnamespace = 'public'::regnamespace
    JOIN pg_attribute ON attrelid = partrelid AND attnum = partattrs[0] AND atttypid = 'timestamptz'::regtype
    LEFT JOIN pg_inherits ON inhparent = partrelid
    LEFT JOIN LATERAL (
      SELECT pg_get_expr(relpartbound, oid) AS bound FROM pg_class WHERE oid = inhrelid) AS child ON true
    WHERE partstrat = 'r' AND partnatts = 1 ORDER BY parent.relname, beginning`)
  return [...Map.groupBy(rows, ({ name }) => name)].map(([name, parts]) => ({
    name,
    hasDefault: parts.some(({ is_default }) => is_default),
    partitions: parts.flatMap(({ beginning: from, ending: to }) => (from && to ? [{ from, to }] : [])),
  }))
}
