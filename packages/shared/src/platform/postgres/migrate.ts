import { fileURLToPath } from 'node:url'
import { readMigrationFiles } from 'drizzle-orm/migrator'
import { drizzle } from 'drizzle-orm/node-postgres'
import { migrate } from 'drizzle-orm/node-postgres/migrator'
import pg from 'pg'

/** Where the SQL of the migrations is. */
export const migrationsFolder = fileURLToPath(new URL('../../../../../drizzle', import.meta.url))

/**
 * Any number that no other user of the same database takes: migrations of two processes wait for each other under it, and
 * for a restore.
 */
export const migrationLockId = 7_160_391

/**
 * Brings a database's schema up to date; harmless where it is already, and where several processes do it at once.
 * @param url the database
 */
export async function migrateDatabase(url: string): Promise<void> {
  const client = new pg.Client({ connectionString: url, application_name: 'momentry-migrate' })
  await client.connect()
  try {
    await client.query('SET client_min_messages TO warning')
    await client.query('SELECT pg_advisory_lock($1)', [migrationLockId])
    await migrate(drizzle({ client }), { migrationsFolder })
  } finally {
    await client.end()
  }
}

/** Tells how many migrations this version has that the database has not. */
export async function pendingMigrations(pool: pg.Pool): Promise<number> {
  const known = readMigrationFiles({ migrationsFolder }).length
  const table = await pool.query<{ exists: boolean }>(
    `SELECT to_regclass('drizzle.__drizzle_migrations') IS NOT NULL AS exists`,
  )
  if (!table.rows[0]?.exists) return known
  const applied = await pool.query<{ count: number }>('SELECT count(*)::int AS count FROM drizzle.__drizzle_migrations')
  return Math.max(0, known - (applied.rows[0]?.count ?? 0))
}
