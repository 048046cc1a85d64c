import type pg from 'pg'
import type { RedisClient } from '../platform/redis/client.ts'
import type { Names } from '../platform/redis/names.ts'
import { monthAfter } from '../usage/months/make.ts'
import { addMonths, type Months } from './books/months.ts'
import { type PartitionBooks, readBooks } from './books/read.ts'

/** What became of all usage events. */
export interface Balance {
  partitions: readonly PartitionBooks[]
  /** What is in Postgres, of the months that were looked at. */
  rolledUp: Months
  /** What had to be there when it was looked at … */
  least: Months
  /** … and what could be. Where nothing moved meanwhile, both are the same. */
  most: Months
  /** undefined: nothing was ever carried, as far as this Redis knows. */
  beganMonth: string | undefined
  /** The month in which a backup was last restored, which took sums back. */
  restoredMonth: string | undefined
}

export interface BalanceDeps {
  pool: pg.Pool
  redis: RedisClient
  names: Names
  partitions: number
  /** The first month that is compared with Postgres: `2026-01`. */
  from: string
}

/**
 * Reads what became of all usage events that were ever accepted: on the streams, in the sums that wait in Redis, and in
 * Postgres. Each partition is read as of one moment. What crosses to Postgres meanwhile is between what had crossed before
 * and what has afterwards.
 * @throws where a store is away
 */
export async function readBalance({ pool, redis, names, partitions, from }: BalanceDeps): Promise<Balance> {
  const read = () => Promise.all(Array.from({ length: partitions }, (_, p) => readBooks(redis, names, p)))
  const before = await read()
  const rolledUp = await readMonths(pool, from)
  const restoredMonth = await readRestoredMonth(pool, from)
  const after = await read()
  const since = after.flatMap((books) => books.since ?? []).sort((a, b) => a - b)[0]
  const known = (months: Months) => new Map([...months].filter(([month]) => month >= from))
  return {
    partitions: after,
    rolledUp,
    least: known(addMonths(before.map(({ carried }) => carried))),
    most: known(addMonths(after.flatMap(({ carried, summing }) => [carried, summing ?? new Map()]))),
    beganMonth: since === undefined ? undefined : new Date(since * 1000).toISOString().slice(0, 7),
    restoredMonth,
  }
}

/** The first month whose sums are all kept: what is older than that may have been dropped. @param now ms */
export function firstKeptMonth(now: number, keptDays: number): string {
  return monthAfter(now - keptDays * 86_400_000, 1).slice(0, 7)
}

async function readMonths(pool: pg.Pool, from: string): Promise<Months> {
  const { rows } = await pool.query<{ month: string; requests: string }>(
    `SELECT to_char(minute AT TIME ZONE 'UTC', 'YYYY-MM') AS month, sum(requests) AS requests FROM api_key_usage
     WHERE minute >= $1::timestamp AT TIME ZONE 'UTC' GROUP BY 1`,
    [`${from}-01`],
  )
  return new Map(rows.map(({ month, requests }) => [month, Number(requests)]))
}

async function readRestoredMonth(pool: pg.Pool, from: string): Promise<string | undefined> {
  const { rows } = await pool.query<{ month: string | null }>(
    `SELECT to_char(max(at) AT TIME ZONE 'UTC', 'YYYY-MM') AS month FROM api_key_audit_log
     WHERE action = 'backup.restored' AND at >= $1::timestamp AT TIME ZONE 'UTC'`,
    [`${from}-01`],
  )
  return rows[0]?.month ?? undefined
}
