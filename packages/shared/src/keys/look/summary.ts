import type pg from 'pg'
import { z } from 'zod'
import type { Clock } from '../../platform/clock.ts'
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

/**
 * Makes what counts keys. It looks at every row, so that one count answers all who ask while it runs, and afterwards for
 * ten times as long as it took: a million keys keep one connection busy for a tenth of the time, however many watch.
 */
export function createKeySummary({ pool, now }: { pool: pg.Pool; now: Clock }): () => Promise<KeySummary> {
  let running: Promise<KeySummary> | undefined
  let until = 0
  return async () => {
    if (running && performance.now() < until) return running
    const startedAt = performance.now()
    until = Number.POSITIVE_INFINITY
    running = countKeys(pool, now())
    try {
      const summary = await running
      until = performance.now() + 10 * (performance.now() - startedAt)
      return summary
    } catch (error) {
      until = 0
      throw error
    }
  }
}

/** Counts by type and by status (the rules of `keyStatus`, as SQL), in one pass. @param now ms since 1970 */
async function countKeys(pool: pg.Pool, now: number): Promise<KeySummary> {
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
