import type pg from 'pg'
import { z } from 'zod'
import type { StoredUsage } from './replay.ts'

/** Rows of addresses that are read of one key at the most. */
const maxAddressRows = 200_000

export interface UsageRange {
  /** ms since 1970; the habit is what was between `since` and `from`. */
  since: number
  from: number
  to: number
}

/** Reads a key's stored usage; `cut` where there are more addresses than one run takes. */
export async function readStoredUsage(
  pool: pg.Pool,
  keyId: string,
  range: UsageRange,
): Promise<StoredUsage & { cut: boolean }> {
  const [habit, minutes, addresses] = await Promise.all([
    readHabit(pool, keyId, range),
    readMinutes(pool, keyId, range),
    readAddresses(pool, keyId, range),
  ])
  return { habit, minutes, addresses, cut: addresses.length === maxAddressRows }
}

const habitRow = z.object({ hour: z.int(), requests: z.coerce.number(), since: z.coerce.number() })

async function readHabit(pool: pg.Pool, keyId: string, { since, from }: UsageRange): Promise<StoredUsage['habit']> {
  const hoursOfWeek = new Array<number>(168).fill(0)
  if (since >= from) return { since: 0, hoursOfWeek }
  const { rows } = await pool.query({
    name: 'back-test-habit',
    text: `SELECT (floor(extract(epoch FROM minute) / 3600)::bigint % 168)::int AS hour, sum(requests) AS requests,
        extract(epoch FROM min(minute)) AS since
      FROM api_key_usage WHERE key_id = $1 AND minute >= to_timestamp($2 / 1000.0) AND minute < to_timestamp($3 / 1000.0)
      GROUP BY 1`,
    values: [keyId, since, from],
  })
  const hours = z.array(habitRow).parse(rows)
  for (const { hour, requests } of hours) hoursOfWeek[hour] = requests
  return { since: hours.length > 0 ? Math.min(...hours.map((hour) => hour.since)) : 0, hoursOfWeek }
}

const minuteRow = z.tuple([z.coerce.number(), z.coerce.number(), z.coerce.number()])

async function readMinutes(pool: pg.Pool, keyId: string, { from, to }: UsageRange): Promise<StoredUsage['minutes']> {
  const { rows } = await pool.query({
    name: 'back-test-minutes',
    rowMode: 'array',
    text: `SELECT extract(epoch FROM minute), requests, errors FROM api_key_usage
      WHERE key_id = $1 AND minute >= to_timestamp($2 / 1000.0) AND minute < to_timestamp($3 / 1000.0) ORDER BY minute`,
    values: [keyId, from, to],
  })
  return rows.map((row) => {
    const [minute, requests, errors] = minuteRow.parse(row)
    return { minute, requests, errors }
  })
}

const addressRow = z.tuple([z.string(), z.coerce.number(), z.coerce.number()])

async function readAddresses(
  pool: pg.Pool,
  keyId: string,
  { from, to }: UsageRange,
): Promise<StoredUsage['addresses']> {
  const { rows } = await pool.query({
    name: 'back-test-addresses',
    rowMode: 'array',
    text: `SELECT host(address), floor(extract(epoch FROM first_seen_at)), floor(extract(epoch FROM last_seen_at))
      FROM api_key_usage_addresses
      WHERE key_id = $1 AND hour >= to_timestamp($2 / 1000.0) AND hour < to_timestamp($3 / 1000.0)
      ORDER BY hour LIMIT $4`,
    values: [keyId, from, to, maxAddressRows],
  })
  return rows.map((row) => {
    const [address, first, last] = addressRow.parse(row)
    return { address, first, last }
  })
}
