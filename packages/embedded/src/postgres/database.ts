import { setTimeout as pause } from 'node:timers/promises'
import pg from 'pg'

/** Waits until a PostgreSQL answers; recovery after a crash may keep it from that for a while. */
export async function postgresAnswers(url: string, signal: AbortSignal): Promise<void> {
  while (!signal.aborted) {
    const client = new pg.Client({ connectionString: url, connectionTimeoutMillis: 5_000 })
    client.on('error', () => {})
    try {
      await client.connect()
      return
    } catch {
      await pause(25)
    } finally {
      await client.end().catch(() => {})
    }
  }
}

/**
 * Makes the role and the database that Momentry uses, where they are missing. The role owns the database and is no
 * superuser: a superuser could read and write any file that the server reaches.
 */
export async function ensureDatabase(adminUrl: string, name: string, password: string): Promise<void> {
  const client = new pg.Client({ connectionString: adminUrl })
  await client.connect()
  try {
    const literal = pg.escapeLiteral(password)
    const identifier = pg.escapeIdentifier(name)
    const found = await client.query('SELECT rolname FROM pg_roles WHERE rolname = $1', [name])
    if (found.rowCount === 0) await client.query(`CREATE ROLE ${identifier} LOGIN CREATEDB PASSWORD ${literal}`)
    const databases = await client.query('SELECT datname FROM pg_database WHERE datname = $1', [name])
    if (databases.rowCount === 0) await client.query(`CREATE DATABASE ${identifier} OWNER ${identifier}`)
  } finally {
    await client.end()
  }
}
