import type pg from 'pg'
import { z } from 'zod'
import { MomentryError } from '../errors.ts'

export const intervals = ['minute', 'hour', 'day'] as const
const intervalMs = { minute: 60_000, hour: 3_600_000, day: 86_400_000 } as const

/** Buckets of one answer at the most. */
const maxBuckets = 2_000
const defaultBuckets = { minute: 60, hour: 24, day: 30 } as const

const time = z.iso.datetime({ offset: true }).transform((text) => Date.parse(text))

/** What stats are asked for, from a query string. */
export const statsQuerySchema = z.strictObject({
  from: time
    .optional()
    .meta({ description: 'Start, RFC 3339; by default 60 minutes, 24 hours or 30 days before `to`' }),
  to: time.optional().meta({ description: 'End (not included), RFC 3339; now by default' }),
  interval: z.enum(intervals).default('hour').meta({ description: 'Length of a bucket, in UTC' }),
})
export type StatsQuery = z.output<typeof statsQuerySchema>

const count = z.int().min(0)

export const statsSchema = z
  .object({
    from: z.iso.datetime(),
    to: z.iso.datetime(),
    interval: z.enum(intervals),
    totals: z.object({
      requests: count,
      errors: count,
      addresses: count.meta({ description: 'Different addresses' }),
      latencyMs: z
        .number()
        .nullable()
        .meta({ description: 'Mean of the latencies that were reported, in milliseconds' }),
    }),
    series: z.array(z.object({ start: z.iso.datetime(), requests: count, errors: count })),
  })
  .meta({ id: 'Stats' })
export type Stats = z.infer<typeof statsSchema>

/**
 * Sums the usage of one key, or of all, from whole minutes of event time. Every bucket of the range is in the answer,
 * empty ones too. What was reported within the last second or two may still be on its way.
 * @param keyId undefined for all keys
 * @throws MomentryError `VALIDATION_FAILED` where the range is empty or has more than 2,000 buckets
 */
export async function readStats(
  pool: pg.Pool,
  keyId: string | undefined,
  query: StatsQuery,
  now: number,
): Promise<Stats> {
  const range = decideRange(query, now)
  const [buckets, totals] = await Promise.all([readBuckets(pool, keyId, range), readTotals(pool, keyId, range)])
  const step = intervalMs[range.interval]
  const first = floor(range.from, step)
  const series = Array.from({ length: Math.ceil((range.to - first) / step) }, (_, index) => {
    const start = first + index * step
    return { start: new Date(start).toISOString(), ...(buckets.get(start) ?? { requests: 0, errors: 0 }) }
  })
  return {
    from: new Date(range.from).toISOString(),
    to: new Date(range.to).toISOString(),
    interval: range.interval,
    totals,
    series,
  }
}

interface Range {
  from: number
  to: number
  interval: StatsQuery['interval']
}

function decideRange(query: StatsQuery, now: number): Range {
  const { interval } = query
  const step = intervalMs[interval]
  const to = query.to ?? now
  const from = floor(query.from ?? to - defaultBuckets[interval] * step, intervalMs.minute)
  const refuse = (detail: string) =>
    new MomentryError('VALIDATION_FAILED', `the range ${detail}`, { issues: [{ pointer: '/from', detail }] })
  if (from >= to) throw refuse('is empty: `from` must lie before `to`')
  if ((to - from) / step > maxBuckets) throw refuse(`has more than ${maxBuckets} buckets: take a longer interval`)
  return { from, to, interval }
}

function floor(time: number, step: number): number {
  return Math.floor(time / step) * step
}

const bucketRow = z.object({ start: z.date(), requests: z.coerce.number(), errors: z.coerce.number() })

async function readBuckets(pool: pg.Pool, keyId: string | undefined, { from, to, interval }: Range) {
  const { rows } = await pool.query(
    `SELECT date_bin($1::interval, minute, 'epoch'::timestamptz) AS start, sum(requests) AS requests, sum(errors) AS errors
     FROM api_key_usage
     WHERE minute >= to_timestamp($2 / 1000.0) AND minute < to_timestamp($3 / 1000.0) ${keyId === undefined ? '' : 'AND key_id = $4'}
     GROUP BY 1`,
    [`1 ${interval}`, from, to, ...(keyId === undefined ? [] : [keyId])],
  )
  return new Map(
    z
      .array(bucketRow)
      .parse(rows)
      .map(({ start, requests, errors }) => [start.getTime(), { requests, errors }]),
  )
}

const totalsRow = z.object({
  requests: z.coerce.number(),
  errors: z.coerce.number(),
  addresses: z.coerce.number(),
  latencyMs: z.coerce.number().nullable(),
})

async function readTotals(pool: pg.Pool, keyId: string | undefined, { from, to }: Range): Promise<Stats['totals']> {
  const ofKey = keyId === undefined ? '' : 'AND key_id = $3'
  const { rows } = await pool.query(
    `SELECT coalesce(sum(requests), 0) AS requests, coalesce(sum(errors), 0) AS errors,
       sum(latency_ms)::float8 / nullif(sum(latency_samples), 0) AS "latencyMs",
       (SELECT count(DISTINCT address) FROM api_key_usage_addresses
        WHERE hour > to_timestamp($1 / 1000.0) - interval '1 hour' AND hour < to_timestamp($2 / 1000.0)
          AND last_seen_at >= to_timestamp($1 / 1000.0) AND first_seen_at < to_timestamp($2 / 1000.0) ${ofKey}) AS addresses
     FROM api_key_usage
     WHERE minute >= to_timestamp($1 / 1000.0) AND minute < to_timestamp($2 / 1000.0) ${ofKey}`,
    [from, to, ...(keyId === undefined ? [] : [keyId])],
  )
  return totalsRow.parse(rows[0])
}
