import type pg from 'pg'

/** What waits to be done, and should not wait for long. All of it in seconds, or how many. */
export interface RowsReading {
  /** Changes that processes have not been told of. */
  outbox: { count: number; oldest: number }
  /** Rotations that are due and under way. */
  rotations: { count: number; oldest: number; orphans: number }
  /** Of credentials on other systems. */
  rotationsElsewhere: { count: number; oldest: number; orphans: number }
  /** Successors that are kept beyond their end. */
  escrow: { overdue: number; oldest: number }
  jobs: { silent: number; failed: number }
  /** Open anomalies, by severity. */
  anomalies: readonly { severity: string; count: number }[]
}

interface Amount {
  count: number
  oldest: number | null
  orphans: number
}

const age = (column: string) => `extract(epoch FROM now() - min(${column}))::float8 AS oldest`
/** Of what has a job, whether that job is still to be done: workers find it by that. */
const orphans = `(count(*) FILTER (WHERE j.state IS NULL OR j.state NOT IN ('queued', 'running')))::int AS orphans`
/** A job that is worked on writes its row at each step; one on backups each five seconds. */
const silent = `interval '10 minutes'`

export async function readRows(pool: pg.Pool): Promise<RowsReading> {
  const ask = async (sql: string) => {
    const { rows } = await pool.query<Amount>(sql)
    const { count = 0, oldest = 0, orphans: alone = 0 } = rows[0] ?? {}
    return { count, oldest: oldest ?? 0, orphans: alone }
  }
  const escrow = await ask(`
    SELECT count(*)::int AS count, ${age('expires_at')} FROM (
      SELECT expires_at FROM api_key_escrow UNION ALL SELECT expires_at FROM integration_escrow) AS all_escrow
    WHERE expires_at < now()`)
  const jobs = await pool.query<RowsReading['jobs']>(`
    SELECT (count(*) FILTER (WHERE state = 'running' AND updated_at < now() - ${silent}))::int AS silent,
      (count(*) FILTER (WHERE state = 'failed' AND finished_at > now() - interval '1 day'))::int AS failed
    FROM jobs WHERE state IN ('running', 'failed')`)
  const anomalies = await pool.query<{ severity: string; count: number }>(
    `SELECT severity, count(*)::int AS count FROM api_key_anomalies WHERE state = 'open' GROUP BY severity ORDER BY severity`,
  )
  return {
    outbox: await ask(`SELECT count(*)::int AS count, ${age('changed_at')} FROM api_key_changes`),
    rotations: await ask(`
      SELECT count(*)::int AS count, ${age('r.updated_at')}, ${orphans}
      FROM api_key_rotations r LEFT JOIN jobs j ON j.id = r.job_id WHERE r.state IN ('queued', 'running')`),
    rotationsElsewhere: await ask(`
      SELECT count(*)::int AS count, ${age('r.wakes_at')}, ${orphans}
      FROM integration_rotations r LEFT JOIN jobs j ON j.id = r.job_id
      WHERE r.state IN ('queued', 'running', 'draining') AND r.wakes_at <= now()`),
    escrow: { overdue: escrow.count, oldest: escrow.oldest },
    jobs: jobs.rows[0] ?? { silent: 0, failed: 0 },
    anomalies: anomalies.rows,
  }
}
