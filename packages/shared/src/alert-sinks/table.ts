import type { Severity } from '../anomalies/finding.ts'
import { bytea, time } from '../platform/postgres/columns.ts'
import { sql } from '../platform/postgres/query.ts'
import {
  bigint,
  boolean,
  check,
  index,
  integer,
  jsonb,
  pgTable,
  text,
  uniqueIndex,
  uuid,
} from '../platform/postgres/schema.ts'
import type { DeliveryState, QuietHours, SinkKind, SinkRouting, SinkState } from './schemas.ts'

/** Whom alerts are sent to, apart from the channel. */
export const alertSinks = pgTable(
  'alert_sinks',
  {
    id: uuid('id').primaryKey(),
    name: text('name').notNull(),
    kind: text('kind').$type<SinkKind>().notNull(),
    /** What of the target may be seen: a webhook's URL, a Slack webhook's host, the addresses of people. */
    target: jsonb('target').$type<Record<string, unknown>>().notNull(),
    /** What of it is secret, sealed by the master key, bound to the sink's id. */
    secret: bytea('secret'),
    /** The secret before, which signs too until then. */
    previousSecret: bytea('previous_secret'),
    previousUntil: time('previous_until'),
    routing: jsonb('routing').$type<SinkRouting>().notNull(),
    groupSeconds: integer('group_seconds').notNull(),
    quietHours: jsonb('quiet_hours').$type<QuietHours>(),
    state: text('state').$type<SinkState>().notNull().default('active'),
    /** Why it is disabled: a 410, say. */
    stateReason: text('state_reason'),
    createdAt: time('created_at').notNull(),
    updatedAt: time('updated_at').notNull(),
    createdBy: uuid('created_by'),
  },
  (table) => [
    check('alert_sinks_kind_known', sql`${table.kind} in ('webhook', 'slack', 'email', 'pagerduty')`),
    check('alert_sinks_state_known', sql`${table.state} in ('active', 'paused', 'disabled')`),
    uniqueIndex('alert_sinks_name_idx').on(sql`lower(${table.name})`),
  ],
)

/** Messages to sinks: one holds one alert or several, and is tried until it is delivered or given up. */
export const alertDeliveries = pgTable(
  'alert_deliveries',
  {
    /** Goes along as the message's id, so that a receiver tells what comes twice. */
    id: uuid('id').primaryKey(),
    sinkId: uuid('sink_id')
      .notNull()
      .references(() => alertSinks.id, { onDelete: 'cascade' }),
    /** What its alerts have in common; while it waits for its first attempt, others of the same join it. */
    groupKey: text('group_key').notNull(),
    /** The anomaly that is over, where the message says that (PagerDuty); null for messages of alerts. */
    resolves: uuid('resolves'),
    /** Of the alert log, in order; empty for a test and for what resolves. */
    alertSeqs: bigint('alert_seqs', { mode: 'number' }).array().notNull(),
    /** Alerts that belong to it too, beyond as many as one message names. */
    omitted: integer('omitted').notNull().default(0),
    /** The gravest of its alerts; null for a test and for what resolves. */
    severity: text('severity').$type<Severity>(),
    test: boolean('test').notNull().default(false),
    state: text('state').$type<DeliveryState>().notNull().default('waiting'),
    attempts: integer('attempts').notNull().default(0),
    nextAttemptAt: time('next_attempt_at').notNull(),
    /** While an alerter is at it; after that another one may. */
    leasedUntil: time('leased_until'),
    /** Of the last attempt: the HTTP status, where there was one, and what went wrong. */
    lastStatus: integer('last_status'),
    lastError: text('last_error'),
    createdAt: time('created_at').notNull(),
    finishedAt: time('finished_at'),
  },
  (table) => [
    check('alert_deliveries_state_known', sql`${table.state} in ('waiting', 'delivered', 'failed')`),
    index('alert_deliveries_due_idx').on(table.nextAttemptAt).where(sql`${table.state} = 'waiting'`),
    uniqueIndex('alert_deliveries_open_group_idx')
      .on(table.sinkId, table.groupKey)
      .where(sql`${table.state} = 'waiting' and ${table.attempts} = 0`),
    index('alert_deliveries_sink_idx').on(table.sinkId, table.id),
    index('alert_deliveries_finished_idx').on(table.finishedAt),
    /** By which the sinks are found that were told of an anomaly. */
    index('alert_deliveries_seqs_idx').using('gin', table.alertSeqs),
  ],
)
