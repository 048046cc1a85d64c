import type pg from 'pg'
import { z } from 'zod'
import { severities } from './finding.ts'

const count = z.int().min(0)

/** How many anomalies nobody has dealt with. */
export const anomalySummarySchema = z
  .object({
    open: z.object({ low: count, medium: count, high: count, critical: count }),
    acknowledged: count.meta({ description: 'Somebody looks after them' }),
  })
  .meta({ id: 'AnomalySummary' })
export type AnomalySummary = z.infer<typeof anomalySummarySchema>

const row = z.object({ state: z.string(), severity: z.enum(severities), count: z.coerce.number() })

/** Counts anomalies that are open or acknowledged. */
export async function summarizeAnomalies(pool: pg.Pool): Promise<AnomalySummary> {
  const { rows } = await pool.query(
    `SELECT state, severity, count(*) AS count FROM api_key_anomalies
     WHERE state IN ('open', 'acknowledged') GROUP BY state, severity`,
  )
  const summary: AnomalySummary = { open: { low: 0, medium: 0, high: 0, critical: 0 }, acknowledged: 0 }
  for (const { state, severity, count } of z.array(row).parse(rows)) {
    if (state === 'open') summary.open[severity] = count
    else summary.acknowledged += count
  }
  return summary
}
