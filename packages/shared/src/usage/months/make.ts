import type { Queryable } from '../../platform/postgres/client.ts'
import { sql } from '../../platform/postgres/query.ts'
import { unlessHeld } from './unless-held.ts'

/** Months that are made ahead, beside the present one: a worker that is away for weeks leaves nothing undone. */
const ahead = 2

/**
 * Makes the partitions of this month and of the next ones. What was written before there was one is moved there. A month
 * whose tables others hold is left to the next turn; until then its usage goes to the rest.
 * @param now ms
 * @returns how many months were made
 */
export async function makeMonths(db: Queryable, now: number): Promise<number> {
  let made = 0
  for (let n = 0; n <= ahead; n += 1)
    made += await unlessHeld(db, async (tx) => {
      const { rows } = await tx.execute<{ made: boolean }>(
        sql`select momentry_usage_month(${monthAfter(now, n)}::date) as made`,
      )
      return rows[0]?.made ? 1 : 0
    })
  return made
}

/** The first day of the month that lies so many after the one of a moment, UTC: `2026-01-01`. */
export function monthAfter(now: number, months: number): string {
  const date = new Date(now)
  return new Date(Date.UTC(date.getUTCFullYear(), date.getUTCMonth() + months, 1)).toISOString().slice(0, 10)
}
