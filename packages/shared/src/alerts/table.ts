import type { Severity } from '../anomalies/finding.ts'
import { time } from '../platform/postgres/columns.ts'
import { sql } from '../platform/postgres/query.ts'
import { bigint, check, index, jsonb, pgTable, text, uniqueIndex, uuid } from '../platform/postgres/schema.ts'
import type { Alert } from './alert.ts'

/** Every alert that was told, once, in the order in which it became visible: what subscribers that were away read on from. */
export const alertLog = pgTable(
  'alert_log',
  {
    /** 1, 2, 3, … given under the lock that recording takes, so that no reader ever sees a later one first. */
    seq: bigint('seq', { mode: 'number' }).primaryKey(),
    /** The alert's own id; with type and severity it tells an alert that comes twice. */
    alertId: uuid('alert_id').notNull(),
    type: text('type').notNull(),
    severity: text('severity').$type<Severity>().notNull(),
    /** Of an alert about one of Momentry's keys. */
    keyId: uuid('key_id'),
    rule: text('rule'),
    /** Of the key or of the credential elsewhere, at that time. */
    owner: text('owner'),
    alert: jsonb('alert').$type<Alert>().notNull(),
    toldAt: time('told_at').notNull(),
  },
  (table) => [
    uniqueIndex('alert_log_once_idx').on(table.alertId, table.type, table.severity),
    index('alert_log_key_idx').on(table.keyId, table.seq),
    index('alert_log_told_idx').on(table.toldAt),
  ],
)

/** Times in which matching alerts are logged and reach the channel, but no sink. What is null matches all. */
export const alertSilences = pgTable(
  'alert_silences',
  {
    id: uuid('id').primaryKey(),
    keyId: uuid('key_id'),
    rule: text('rule'),
    owner: text('owner'),
    type: text('type'),
    /** The anomaly that was muted, where it came of muting one. */
    anomalyId: uuid('anomaly_id'),
    reason: text('reason'),
    startsAt: time('starts_at').notNull(),
    endsAt: time('ends_at').notNull(),
    createdAt: time('created_at').notNull(),
    createdBy: uuid('created_by'),
  },
  (table) => [
    check('alert_silences_order', sql`${table.startsAt} <= ${table.endsAt}`),
    index('alert_silences_ends_idx').on(table.endsAt),
  ],
)
