import { z } from 'zod'
import { anomalyDataSchema } from '../alerts/alert.ts'
import type { KeyType } from '../keys/kinds.ts'
import { anomalyStates } from './finding.ts'
import type { apiKeyAnomalies } from './table.ts'

const time = z.iso.datetime()

/** An anomaly as the API gives it: the alert's `data`, and what became of it. */
export const anomalySchema = anomalyDataSchema
  .extend({
    state: z.enum(anomalyStates),
    mutedUntil: time
      .nullable()
      .meta({ description: 'Until then a silence keeps what its rule finds about its key from sinks' }),
    detectedAt: time,
    updatedAt: time,
    endedAt: time.nullable().meta({ description: 'When the key was calm again, in event time' }),
    acknowledgedAt: time.nullable(),
    acknowledgedBy: z.uuid().nullable(),
    resolvedAt: time.nullable(),
    resolvedBy: z.uuid().nullable(),
    note: z.string().nullable(),
  })
  .meta({ id: 'Anomaly' })

export type AnomalyView = z.infer<typeof anomalySchema>

export interface AnomalyRow {
  anomaly: typeof apiKeyAnomalies.$inferSelect
  keyName: string
  keyType: KeyType
  mutedUntil: Date | null
}

export function viewAnomaly({ anomaly, keyName, keyType, mutedUntil }: AnomalyRow): AnomalyView {
  const { baseline, windowStart, windowEnd, ...row } = anomaly
  return {
    id: row.id,
    keyId: row.keyId,
    keyName,
    keyType,
    rule: row.rule,
    severity: row.severity,
    observed: row.observed,
    threshold: row.threshold,
    ...(baseline === null ? {} : { baseline }),
    window: { start: windowStart.toISOString(), end: windowEnd.toISOString() },
    explanation: row.explanation,
    state: row.state,
    mutedUntil: mutedUntil?.toISOString() ?? null,
    detectedAt: row.detectedAt.toISOString(),
    updatedAt: row.updatedAt.toISOString(),
    endedAt: row.endedAt?.toISOString() ?? null,
    acknowledgedAt: row.acknowledgedAt?.toISOString() ?? null,
    acknowledgedBy: row.acknowledgedBy,
    resolvedAt: row.resolvedAt?.toISOString() ?? null,
    resolvedBy: row.resolvedBy,
    note: row.note,
  }
}
