import type pg from 'pg'

export interface PostgresReading {
  /** As the server tells it: `180001`. */
  versionNumber: number
  version: string
  /** It only repeats what another server does. */
  isReplica: boolean
  /** What this pool's connections really have, ms; 0: none. */
  statementTimeoutMs: number
  hasTrigrams: boolean
  connections: number
  /** Of these, those of Momentry's processes. */
  ownConnections: number
  /** Those that are left to superusers not counted. */
  maxConnections: number
  /** The transaction that is open for the longest, backups apart; undefined: there is none. */
  oldestTransaction: { name: string; seconds: number } | undefined
  /** The statement of Momentry's processes that runs for the longest, backups apart. */
  oldestStatement: { name: string; seconds: number } | undefined
}

interface Row {
  version_number: number
  version: string
  is_replica: boolean
  statement_timeout: number
  has_trigrams: boolean
  connections: number
  own_connections: number
  max_connections: number
}

interface Oldest {
  name: string
  seconds: number
}

const own = `application_name LIKE 'momentry-%'`
/** Backups read everything in one transaction, however long that takes. */
const others = `datname = current_database() AND pid <> pg_backend_pid() AND backend_type = 'client backend'
  AND application_name NOT IN ('momentry-backup', 'momentry-doctor')`

export async function readPostgres(pool: pg.Pool): Promise<PostgresReading> {
  const server = await pool.query<Row>(`
    SELECT current_setting('server_version_num')::int AS version_number, current_setting('server_version') AS version,
      pg_is_in_recovery() AS is_replica,
      (SELECT setting::int FROM pg_settings WHERE name = 'statement_timeout') AS statement_timeout,
      EXISTS (SELECT FROM pg_extension WHERE extname = 'pg_trgm') AS has_trigrams,
      count(*)::int AS connections, (count(*) FILTER (WHERE ${own}))::int AS own_connections,
      current_setting('max_connections')::int - current_setting('superuser_reserved_connections')::int AS max_connections
    FROM pg_stat_activity WHERE backend_type = 'client backend'`)
  const transaction = await pool.query<Oldest>(`
    SELECT application_name AS name, extract(epoch FROM clock_timestamp() - xact_start)::float8 AS seconds
    FROM pg_stat_activity WHERE ${others} AND xact_start IS NOT NULL ORDER BY xact_start LIMIT 1`)
  const statement = await pool.query<Oldest>(`
    SELECT application_name AS name, extract(epoch FROM clock_timestamp() - query_start)::float8 AS seconds
    FROM pg_stat_activity WHERE ${others} AND ${own} AND state = 'active' ORDER BY query_start LIMIT 1`)
  const [row] = server.rows
  if (!row) throw new Error('Postgres told nothing of itself')
  return {
    versionNumber: row.version_number,
    version: row.version,
    isReplica: row.is_replica,
    statementTimeoutMs: row.statement_timeout,
    hasTrigrams: row.has_trigrams,
    connections: row.connections,
    ownConnections: row.own_connections,
    maxConnections: row.max_connections,
    oldestTransaction: transaction.rows[0],
    oldestStatement: statement.rows[0],
  }
}
