import pg from 'pg'
import { onTestFinished } from 'vitest'

/** Ends a transaction that holds something, and with it the hold. A test's end does so too. */
export type Release = () => Promise<void>

/** The lock under which audit rows are appended (`audit/append.ts`), the last thing that a rotation's transaction does. */
const auditLock = 7_160_392

async function hold(databaseUrl: string, sql: string, values: unknown[] = []): Promise<Release> {
  const client = new pg.Client({ connectionString: databaseUrl })
  // A test may end the server as well, and the hold with it.
  client.on('error', () => undefined)
  await client.connect()
  await client.query('BEGIN')
  await client.query(sql, values)
  const release = () => client.end()
  onTestFinished(release)
  return release
}

/** Holds rows of keys, which every change of a key locks first. */
export const holdKeys = (databaseUrl: string, ids: readonly string[]) =>
  hold(databaseUrl, 'SELECT FROM api_keys WHERE id = ANY ($1) FOR UPDATE', [ids])

export const holdAudit = (databaseUrl: string) => hold(databaseUrl, `SELECT pg_advisory_xact_lock(${auditLock})`)

/** Holds the table of steps, so that nobody can note one. */
export const holdSteps = (databaseUrl: string) => hold(databaseUrl, 'LOCK TABLE job_processor_results IN SHARE MODE')

/** Holds rows of jobs, so that none can end, while their steps can be noted. */
export const holdJobs = (databaseUrl: string, ids: readonly string[]) =>
  hold(databaseUrl, 'SELECT FROM jobs WHERE id = ANY ($1) FOR NO KEY UPDATE', [ids])

/** Tells how many connections of workers wait for a lock. */
export async function waitingWorkers(pool: pg.Pool): Promise<number> {
  const { rows } = await pool.query(
    `SELECT count(*)::int AS waiting FROM pg_stat_activity
      WHERE datname = current_database() AND application_name = 'momentry-worker' AND wait_event_type = 'Lock'`,
  )
  return rows[0].waiting
}

/** Ends the connections that a dead worker's last statements still wait on: else these happen once the lock is free. */
export async function endWaiting(pool: pg.Pool): Promise<void> {
  await pool.query(
    `SELECT pg_terminate_backend(pid) FROM pg_stat_activity
      WHERE datname = current_database() AND application_name = 'momentry-worker' AND wait_event_type = 'Lock'`,
  )
}
