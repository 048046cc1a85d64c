import type pg from 'pg'
import { z } from 'zod'
import type { Episode } from './replay.ts'
import { type PerRule, type RuleName, ruleNames } from './schemas.ts'

/** An anomaly that was found live; times are seconds since 1970. */
export interface LiveAnomaly {
  keyId: string
  rule: RuleName
  start: number
  end: number
}

const row = z.object({
  keyId: z.string(),
  rule: z.enum(ruleNames),
  start: z.coerce.number(),
  end: z.coerce.number(),
})

/** Minutes are coarse, and an episode may begin some before or after the stored one. */
const slackSeconds = 300

/** Reads what was found live about some keys. @param from ms since 1970, as `to` */
export async function readLiveAnomalies(
  pool: pg.Pool,
  keyIds: readonly string[],
  rules: readonly RuleName[],
  { from, to }: { from: number; to: number },
): Promise<LiveAnomaly[]> {
  const { rows } = await pool.query(
    `SELECT key_id AS "keyId", rule, extract(epoch FROM window_start) AS start,
       extract(epoch FROM greatest(window_end, ended_at)) AS end
     FROM api_key_anomalies
     WHERE key_id = ANY($1::uuid[]) AND rule = ANY($2)
       AND window_end >= to_timestamp($3 / 1000.0) AND window_end < to_timestamp($4 / 1000.0)`,
    [keyIds, rules, from, to],
  )
  return z.array(row).parse(rows)
}

/** Tells whether an episode and an anomaly are about the same. */
export function isSame(episode: Episode, live: LiveAnomaly): boolean {
  if (episode.keyId !== live.keyId || episode.rule !== live.rule) return false
  const end = Math.max(episode.window.end, episode.endedAt ?? 0)
  const start = Math.min(episode.window.start, episode.openedAt)
  return start <= live.end + slackSeconds && live.start <= end + slackSeconds
}

/** Counts by rule; rules without any are 0. */
export function countByRule(found: readonly { rule: string }[]): PerRule {
  const counts: PerRule = { high_request_rate: 0, high_error_rate: 0, multiple_ips: 0, unusual_time: 0 }
  for (const name of ruleNames) counts[name] = found.filter(({ rule }) => rule === name).length
  return counts
}
