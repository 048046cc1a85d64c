import type pg from 'pg'
import type { Clock } from '../../platform/clock.ts'
import type { RedisClient } from '../../platform/redis/client.ts'

/** How far another clock is from this machine's. */
export interface ClockReading {
  of: 'Postgres' | 'Redis'
  /** Positive: it is ahead of this machine's. */
  aheadMs: number
  /** How far off the reading can be: half of the time it took. */
  uncertainMs: number
}

export async function readClocks(deps: { pool: pg.Pool; redis: RedisClient; now: Clock }): Promise<ClockReading[]> {
  const { pool, redis, now } = deps
  const askPostgres = async () => {
    const { rows } = await pool.query<{ ms: number }>(
      'SELECT (extract(epoch FROM clock_timestamp()) * 1000)::float8 AS ms',
    )
    return rows[0]?.ms ?? Number.NaN
  }
  const askRedis = async () => {
    const [seconds, microseconds] = await redis.time()
    return Number(seconds) * 1_000 + Number(microseconds) / 1_000
  }
  return [await compare('Postgres', now, askPostgres), await compare('Redis', now, askRedis)]
}

/** The second of two readings counts: the first one may have had to connect. */
async function compare(of: ClockReading['of'], now: Clock, ask: () => Promise<number>): Promise<ClockReading> {
  await ask()
  const asked = now()
  const theirs = await ask()
  const answered = now()
  return { of, aheadMs: theirs - (asked + answered) / 2, uncertainMs: (answered - asked) / 2 }
}
