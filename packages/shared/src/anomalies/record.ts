import type pg from 'pg'
import { z } from 'zod'
import type { AnomalyAlert } from '../alerts/alert.ts'
import { keyTypes } from '../keys/kinds.ts'
import type { Finding } from './finding.ts'

const key = z.object({ name: z.string(), type: z.enum(keyTypes) })

/**
 * Writes a finding to its anomaly's one row, in whatever order and however often the findings of an anomaly come, and
 * gives the alert that tells of it: none for the end of an anomaly, or where its key is unknown.
 */
export async function recordFinding(pool: pg.Pool, finding: Finding, now: Date): Promise<AnomalyAlert | undefined> {
  const found = await pool.query({
    name: 'alert-key',
    text: 'SELECT name, type FROM api_keys WHERE id = $1',
    values: [finding.keyId],
  })
  if (found.rows.length === 0) return undefined
  const { name, type } = key.parse(found.rows[0])
  await upsert(pool, finding, now)
  if (finding.kind === 'ended') return undefined
  const { id, keyId, rule, severity, observed, threshold, baseline, window, explanation } = finding
  return {
    type: finding.kind === 'escalated' ? 'anomaly.escalated' : 'anomaly.detected',
    timestamp: now.toISOString(),
    data: {
      id,
      keyId,
      keyName: name,
      keyType: type,
      rule,
      severity,
      observed,
      threshold,
      ...(baseline === undefined ? {} : { baseline }),
      window: { start: toTime(window.start), end: toTime(window.end) },
      explanation,
    },
  }
}

/** The gravest finding describes the row; findings of less gravity that come late change nothing but the end. */
async function upsert(pool: pg.Pool, finding: Finding, now: Date): Promise<void> {
  await pool.query({
    name: 'record-finding',
    text: `INSERT INTO api_key_anomalies AS row
        (id, key_id, rule, severity, observed, threshold, baseline, window_start, window_end, explanation, detected_at, updated_at, ended_at)
      VALUES ($1, $2, $3, $4, $5, $6, $7, $8, $9, $10, $11, $11, $12)
      ON CONFLICT (id) DO UPDATE SET
        (severity, observed, baseline, window_start, window_end, explanation) = (
          SELECT better.severity, better.observed, better.baseline, better.window_start, better.window_end, better.explanation
          FROM (VALUES
            (excluded.severity, excluded.observed, excluded.baseline, excluded.window_start, excluded.window_end, excluded.explanation),
            (row.severity, row.observed, row.baseline, row.window_start, row.window_end, row.explanation)
          ) AS better (severity, observed, baseline, window_start, window_end, explanation)
          ORDER BY better.observed DESC LIMIT 1),
        updated_at = excluded.updated_at,
        ended_at = coalesce(excluded.ended_at, row.ended_at)`,
    values: [
      finding.id,
      finding.keyId,
      finding.rule,
      finding.severity,
      finding.observed,
      finding.threshold,
      finding.baseline ?? null,
      toTime(finding.window.start),
      toTime(finding.window.end),
      finding.explanation,
      now.toISOString(),
      finding.endedAt === undefined ? null : toTime(finding.endedAt),
    ],
  })
}

function toTime(second: number): string {
  return new Date(second * 1000).toISOString()
}
