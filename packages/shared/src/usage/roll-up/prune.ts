import type pg from 'pg'

/** A flush is repeated within minutes of a crash; its id is kept far longer than any outage. */
const keptDays = 30

/** Removes the ids of flushes that nobody can repeat any more. @returns how many */
export async function pruneFlushes(pool: pg.Pool): Promise<number> {
  const { rowCount } = await pool.query(
    'DELETE FROM api_key_usage_flushes WHERE flushed_at < now() - make_interval(days => $1)',
    [keptDays],
  )
  return rowCount ?? 0
}
