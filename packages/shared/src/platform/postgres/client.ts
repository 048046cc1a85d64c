import type { NodePgQueryResultHKT } from 'drizzle-orm/node-postgres'
import pg from 'pg'
import type { Logger } from '../process/log.ts'
import { driver } from './drizzle.ts'
import type { PgDatabase } from './schema.ts'

/** A database or an open transaction: what a verb needs to read and write. */
export type Queryable = PgDatabase<NodePgQueryResultHKT, Record<string, never>>

export interface Postgres {
  db: Queryable
  /** For statements that are named and prepared, or streamed. */
  pool: pg.Pool
  close(): Promise<void>
}

export interface PostgresOptions {
  url: string
  /** Connections at the most. */
  poolSize: number
  /** How long one statement may run before the server ends it; 10 s unless told otherwise. */
  statementTimeoutMs?: number
  /** How long to wait for a connection; 20 s unless told otherwise, which is for those behind whom nobody waits. */
  connectTimeoutMs?: number
  /** Shown in pg_stat_activity. */
  applicationName: string
  log: Logger
}

const defaultStatementTimeoutMs = 10_000
const defaultConnectTimeoutMs = 20_000

/** Makes the one Postgres pool of a process. Nothing connects before the first query. */
export function createPostgres(options: PostgresOptions): Postgres {
  const statementTimeoutMs = options.statementTimeoutMs ?? defaultStatementTimeoutMs
  const pool = new pg.Pool({
    connectionString: options.url,
    max: options.poolSize,
    application_name: options.applicationName,
    connectionTimeoutMillis: options.connectTimeoutMs ?? defaultConnectTimeoutMs,
    statement_timeout: statementTimeoutMs,
    query_timeout: statementTimeoutMs + 1_000,
    idle_in_transaction_session_timeout: 30_000,
    keepAlive: true,
    // Statements of a transaction that do not need each other's answers travel together (node-postgres: Pipelining).
    pipeline: true,
  })
  // An idle connection that breaks is replaced at the next query; without a listener it would end the process.
  pool.on('error', (error) => options.log.warn({ err: error }, 'an idle Postgres connection broke'))
  // Nor does the pool listen to one that is lent out: where that breaks in a transaction, its query fails and tells of it.
  pool.on('connect', (client) => client.on('error', () => undefined))
  const db: Queryable = driver.drizzle({ client: pool })
  // Drizzle's own never gives a connection back whose BEGIN fails: after a few outages the pool would be empty.
  db.transaction = async (work, config) => {
    const client = await pool.connect()
    try {
      const result = await driver.drizzle({ client }).transaction(work, config)
      client.release()
      return result
    } catch (error) {
      client.release(isPostgresUnavailable(error))
      throw error
    }
  }
  return { db, pool, close: () => pool.end() }
}

/**
 * SQLSTATE classes that mean "the server cannot serve just now": connection exceptions, too few resources (a full disk, too
 * many connections), shutdown, a failed disk.
 */
const unavailableStates = /^(08|53|57P0|57014|25P03|58030)/
const unavailableCodes = new Set([
  'ECONNREFUSED',
  'ECONNRESET',
  'EPIPE',
  'ETIMEDOUT',
  'ENOTFOUND',
  'EAI_AGAIN',
  'EHOSTUNREACH',
])

/** Tells whether an error of a query means that Postgres could not be reached, so that trying again later may help. */
export function isPostgresUnavailable(error: unknown): boolean {
  if (!(error instanceof Error)) return false
  const code = 'code' in error && typeof error.code === 'string' ? error.code : ''
  if (unavailableStates.test(code) || unavailableCodes.has(code)) return true
  if (
    /Connection terminated|not queryable|timeout exceeded when trying to connect|Query read timeout/i.test(
      error.message,
    )
  )
    return true
  if (error instanceof AggregateError && error.errors.some(isPostgresUnavailable)) return true
  return isPostgresUnavailable(error.cause)
}

/** Tells whether a query failed because there is such a row already (SQLSTATE 23505). */
export function isUniqueViolation(error: unknown): boolean {
  if (!(error instanceof Error)) return false
  return ('code' in error && error.code === '23505') || isUniqueViolation(error.cause)
}

/** Tells whether a statement gave up waiting for a lock (SQLSTATE 55P03), as `lock_timeout` told it to. */
export function isLockTimeout(error: unknown): boolean {
  if (!(error instanceof Error)) return false
  return ('code' in error && error.code === '55P03') || isLockTimeout(error.cause)
}
