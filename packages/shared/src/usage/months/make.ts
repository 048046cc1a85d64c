import type pg from 'pg'

/** Months that are made ahead, beside the present one: a worker that is away for weeks leaves nothing undone. */
const ahead = 2

/**
 * Makes the partitions of this month and of the next ones. What was written before there was one is moved there.
 * @param now ms
 * @returns how many months were made
 */
export async function makeMonths(pool: pg.Pool, now: number): Promise<number> {
  let made = 0
  for (let n = 0; n <= ahead; n += 1) {
    const { rows } = await pool.query<{ made: boolean }>('SELECT momentry_usage_month($1::date) AS made', [
      monthAfter(now, n),
    ])
    if (rows[0]?.made) made += 1
  }
  return made
}

/** The first day of the month that lies so many after the one of a moment, UTC: `2026-01-01`. */
export function monthAfter(now: number, months: number): string {
  const date = new Date(now)
  return new Date(Date.UTC(date.getUTCFullYear(), date.getUTCMonth() + months, 1)).toISOString().slice(0, 10)
}
