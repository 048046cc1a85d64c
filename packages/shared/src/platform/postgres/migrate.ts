import { setTimeout as pause } from 'node:timers/promises'
import { fileURLToPath } from 'node:url'
import { readMigrationFiles } from 'drizzle-orm/migrator'

import { migrate } from 'drizzle-orm/node-postgres/migrator'
import pg from 'pg'
import { isLockTimeout } from './client.ts'
import { driver } from './drizzle.ts'

/** Where the SQL of the migrations is. */
export const migrationsFolder = fileURLToPath(new URL('../../../../../drizzle', import.meta.url))

/**
 * Any number that no other user of the same database takes: migrations of two processes wait for each other under it, and
 * for a restore.
 */
export const migrationLockId = 7_160_391

/**
 * How long a migration waits for the lock of a table. All who come to the table later stand behind it meanwhile, so it
 * gives way soon, and tries again as a whole.
 */
const lockTimeoutMs = 1_000
/** Between two attempts, so that whoever stood behind the last one gets through. */
const pauseMs = 1_000
/** Attempts at the most: about a minute. */
const maxAttempts = 30

/**
 * Brings a database's schema up to date, whole or not at all; harmless where it is already, and where several processes do
 * it at once.
 * @param url the database
 * @param folder of the SQL; the one of this version unless told otherwise
 * @throws the database's error, `lock_not_available` where others hold a table for all of a minute
 */
export async function migrateDatabase(url: string, folder = migrationsFolder): Promise<void> {
  const client = new pg.Client({ connectionString: url, application_name: 'momentry-migrate' })
  await client.connect()
  try {
    await client.query('SET client_min_messages TO warning')
    await client.query('SELECT pg_advisory_lock($1)', [migrationLockId])
    // Only now: waiting for another process's migration may take as long as that takes.
    await client.query(`SET lock_timeout TO ${lockTimeoutMs}`)
    for (let attempt = 1; ; attempt += 1)
      try {
        return await migrate(driver.drizzle({ client }), { migrationsFolder: folder })
      } catch (error) {
        if (attempt >= maxAttempts || !isLockTimeout(error)) throw error
        await pause(pauseMs)
      }
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
