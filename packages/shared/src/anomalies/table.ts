import { apiKeys } from '../keys/table.ts'
import { time } from '../platform/postgres/columns.ts'
import { sql } from '../platform/postgres/query.ts'
import { check, doublePrecision, index, pgTable, text, uuid } from '../platform/postgres/schema.ts'
import type { AnomalyState, Severity } from './finding.ts'

/** One row per anomaly: a finding of one rule about one key over one episode. */
export const apiKeyAnomalies = pgTable(
  'api_key_anomalies',
  {
    /** Derived from key, rule and the episode's start, so that finding it again gives the same row. */
    id: uuid('id').primaryKey(),
    keyId: uuid('key_id')
      .notNull()
      .references(() => apiKeys.id),
    rule: text('rule').notNull(),
    severity: text('severity').$type<Severity>().notNull(),
    observed: doublePrecision('observed').notNull(),
    threshold: doublePrecision('threshold').notNull(),
    baseline: doublePrecision('baseline'),
    windowStart: time('window_start').notNull(),
    windowEnd: time('window_end').notNull(),
    explanation: text('explanation').notNull(),
    state: text('state').$type<AnomalyState>().notNull().default('open'),
    detectedAt: time('detected_at').notNull(),
    updatedAt: time('updated_at').notNull(),
    /** When the key was calm again, in event time. */
    endedAt: time('ended_at'),
    acknowledgedAt: time('acknowledged_at'),
    acknowledgedBy: uuid('acknowledged_by'),
    resolvedAt: time('resolved_at'),
    resolvedBy: uuid('resolved_by'),
    note: text('note'),
  },
  (table) => [
    check('api_key_anomalies_severity_known', sql`${table.severity} in ('low', 'medium', 'high', 'critical')`),
    check('api_key_anomalies_state_known', sql`${table.state} in ('open', 'acknowledged', 'resolved')`),
    index('api_key_anomalies_detected_idx').on(table.detectedAt, table.id),
    index('api_key_anomalies_key_idx').on(table.keyId, table.detectedAt),
    index('api_key_anomalies_open_idx').on(table.detectedAt).where(sql`${table.state} = 'open'`),
  ],
)
