import type pg from 'pg'
import { z } from 'zod'
import { MomentryError } from '../errors.ts'

export const validationIntervals = ['minute', 'hour'] as const
const intervalMs = { minute: 60_000, hour: 3_600_000 } as const
/** Buckets of one answer at the most. */
const maxBuckets = 2_000
const defaultBuckets = { minute: 60, hour: 24 } as const

const time = z.iso.datetime({ offset: true }).transform((text) => Date.parse(text))

/** What outcomes are asked for, from a query string. */
export const validationsQuerySchema = z.strictObject({
  from: time.optional().meta({ description: 'Start, RFC 3339; by default 60 minutes or 24 hours before `to`' }),
  to: time.optional().meta({ description: 'End (not included), RFC 3339; now by default' }),
  interval: z.enum(validationIntervals).default('minute').meta({ description: 'Length of a bucket, in UTC' }),
})
export type ValidationsQuery = z.output<typeof validationsQuerySchema>

const outcomes = z.record(z.string(), z.int().min(0)).meta({ description: 'Count by code; a code that is absent is 0' })

export const validationsSchema = z
  .object({
    from: z.iso.datetime(),
    to: z.iso.datetime(),
    interval: z.enum(validationIntervals),
    series: z.array(z.object({ start: z.iso.datetime(), outcomes })),
    totals: outcomes,
  })
  .meta({ id: 'Validations' })
export type Validations = z.infer<typeof validationsSchema>

const row = z.object({ start: z.date(), outcome: z.string(), count: z.coerce.number() })

/**
 * Gives how validations ended, by minute or hour. Every bucket of the range is in the answer, empty ones too; what was
 * answered within the last five seconds may still be missing.
 * @param now ms since 1970
 * @throws MomentryError `VALIDATION_FAILED` where the range is empty or has more than 2,000 buckets
 */
export async function readValidations(pool: pg.Pool, query: ValidationsQuery, now: number): Promise<Validations> {
  const { interval } = query
  const step = intervalMs[interval]
  const to = query.to ?? now
  const from = floor(query.from ?? to - defaultBuckets[interval] * step, step)
  refuseRange(from, to, step)
  const { rows } = await pool.query(
    `SELECT date_bin($1::interval, minute, 'epoch'::timestamptz) AS start, outcome, sum(count) AS count
     FROM validation_outcomes
     WHERE minute >= to_timestamp($2 / 1000.0) AND minute < to_timestamp($3 / 1000.0)
     GROUP BY 1, 2 ORDER BY 1, 2`,
    [`1 ${interval}`, from, to],
  )
  const buckets = new Map<number, Record<string, number>>()
  const totals: Record<string, number> = {}
  for (const { start, outcome, count } of z.array(row).parse(rows)) {
    const bucket = buckets.get(start.getTime()) ?? {}
    bucket[outcome] = count
    buckets.set(start.getTime(), bucket)
    totals[outcome] = (totals[outcome] ?? 0) + count
  }
  const series = Array.from({ length: Math.ceil((to - from) / step) }, (_, index) => {
    const start = from + index * step
    return { start: new Date(start).toISOString(), outcomes: buckets.get(start) ?? {} }
  })
  return { from: new Date(from).toISOString(), to: new Date(to).toISOString(), interval, series, totals }
}

function refuseRange(from: number, to: number, step: number): void {
  const refuse = (detail: string) =>
    new MomentryError('VALIDATION_FAILED', `the range ${detail}`, { issues: [{ pointer: '/from', detail }] })
  if (from >= to) throw refuse('is empty: `from` must lie before `to`')
  if ((to - from) / step > maxBuckets) throw refuse(`has more than ${maxBuckets} buckets: take a longer interval`)
}

function floor(time: number, step: number): number {
  return Math.floor(time / step) * step
}
