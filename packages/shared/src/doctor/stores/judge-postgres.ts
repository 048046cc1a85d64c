import { type Finding, judgeAmount, judgeFact, ok, showSeconds } from '../finding.ts'
import type { PostgresReading } from './read-postgres.ts'

/** Tests run on 18; nothing in use is newer than 15. */
const oldestVersion = 150_000
/** Shares of the connections that there can be. */
const crowded = { warning: 0.8, failed: 0.95 }
/** Momentry's own take milliseconds; what is open for long keeps dead rows from being cleared, and locks. */
const longTransaction = { warning: 60, failed: 1_800 }

/** @param expected the statement timeout that the connections ask for, ms */
export function judgePostgres(reading: PostgresReading, expected: number): Finding[] {
  const { connections, ownConnections, maxConnections, oldestTransaction: oldest } = reading
  return [
    judgeFact(
      'postgres.version',
      reading.versionNumber >= oldestVersion,
      reading.version,
      'upgrade to PostgreSQL 15 or newer; 18 is what is tested',
      'warning',
    ),
    judgeFact(
      'postgres.role',
      !reading.isReplica,
      reading.isReplica ? 'a replica' : 'takes writes',
      'DATABASE_URL must lead to the server that takes writes',
    ),
    judgeFact(
      'postgres.extension',
      reading.hasTrigrams,
      reading.hasTrigrams ? 'pg_trgm' : 'pg_trgm is missing',
      'run `momentry migrate` as a role that may CREATE EXTENSION pg_trgm',
    ),
    judgeAmount(
      'postgres.connections',
      connections / maxConnections,
      crowded,
      `${connections} of ${maxConnections}, ${ownConnections} of them Momentry's`,
      'raise max_connections, or lower DATABASE_POOL_SIZE',
    ),
    oldest
      ? judgeAmount(
          'postgres.transactions',
          oldest.seconds,
          longTransaction,
          `the oldest is open for ${showSeconds(oldest.seconds)} (${oldest.name || 'nameless'})`,
          'find it in pg_stat_activity, and end it: pg_terminate_backend(pid)',
        )
      : ok('postgres.transactions', 'none is open'),
    judgeTimeout(reading, expected),
  ]
}

function judgeTimeout({ statementTimeoutMs, oldestStatement: oldest }: PostgresReading, expected: number): Finding {
  const check = 'postgres.statement-timeout'
  if (statementTimeoutMs !== expected)
    return {
      check,
      level: 'failed',
      figure: statementTimeoutMs === 0 ? 'none' : `${statementTimeoutMs} ms, and ${expected} ms was asked for`,
      advice:
        'a pooler between drops what connections ask for at their start: use its session mode, and let it pass that on',
    }
  if (oldest && oldest.seconds * 1_000 > expected)
    return {
      check,
      level: 'warning',
      figure: `a statement of ${oldest.name} runs for ${showSeconds(oldest.seconds)}`,
      advice: 'look at it in pg_stat_activity: no statement of ours should run for so long',
    }
  return ok(check, 'takes effect')
}
