import type pg from 'pg'
import { z } from 'zod'
import { keyTypes } from '../kinds.ts'
import { keyStatuses } from '../status.ts'

const count = z.int().min(0)
const typeCounts = z.object({ system: count, user: count, service: count, integration: count, emergency: count })

/** How many keys there are. */
export const keySummarySchema = z
  .object({
    total: count,
    byType: typeCounts,
    activeByType: typeCounts.meta({ description: 'Of these, those that are active' }),
    byStatus: z.object({ active: count, disabled: count, expired: count, revoked: count }),
  })
  .meta({ id: 'KeySummary' })
export type KeySummary = z.infer<typeof keySummarySchema>

const row = z.object({ type: z.enum(keyTypes), status: z.enum(keyStatuses), count: z.coerce.number() })

/** Counts keys by type and by status (the rules of `keyStatus`, as SQL), in one pass. @param now ms since 1970 */
export async function summarizeKeys(pool: pg.Pool, now: number): Promise<KeySummary> {
  const { rows } = await pool.query(
    `SELECT type, status, count(*) AS count FROM (
       SELECT type, CASE
         WHEN revoked_at IS NOT NULL THEN 'revoked'
         WHEN expires_at <= to_timestamp($1 / 1000.0) THEN 'expired'
         WHEN NOT enabled THEN 'disabled'
         ELSE 'active' END AS status
       FROM api_keys) AS keys
     GROUP BY type, status`,
    [now],
  )
  const summary: KeySummary = {
    total: 0,
    byType: { system: 0, user: 0, service: 0, integration: 0, emergency: 0 },
    activeByType: { system: 0, user: 0, service: 0, integration: 0, emergency: 0 },
    byStatus: { active: 0, disabled: 0, expired: 0, revoked: 0 },
  }
  for (const { type, status, count } of z.array(row).parse(rows)) {
    summary.total += count
    summary.byType[type] += count
    if (status === 'active') summary.activeByType[type] += count
    summary.byStatus[status] += count
  }
  return summary
}
