import { inet, time } from '../platform/postgres/columns.ts'
import { bigint, index, integer, pgTable, primaryKey, uuid } from '../platform/postgres/schema.ts'

/** Requests per key and minute of event time. */
export const apiKeyUsage = pgTable(
  'api_key_usage',
  {
    keyId: uuid('key_id').notNull(),
    minute: time('minute').notNull(),
    requests: bigint('requests', { mode: 'number' }).notNull(),
    errors: bigint('errors', { mode: 'number' }).notNull(),
    /** Sum and count of the latencies that were reported, in milliseconds. */
    latencyMs: bigint('latency_ms', { mode: 'number' }).notNull().default(0),
    latencySamples: bigint('latency_samples', { mode: 'number' }).notNull().default(0),
  },
  (table) => [primaryKey({ columns: [table.keyId, table.minute] }), index('api_key_usage_minute_idx').on(table.minute)],
)

/** Which addresses used a key, per hour of event time. */
export const apiKeyUsageAddresses = pgTable(
  'api_key_usage_addresses',
  {
    keyId: uuid('key_id').notNull(),
    hour: time('hour').notNull(),
    address: inet('address').notNull(),
    requests: bigint('requests', { mode: 'number' }).notNull(),
    errors: bigint('errors', { mode: 'number' }).notNull(),
    firstSeenAt: time('first_seen_at').notNull(),
    lastSeenAt: time('last_seen_at').notNull(),
  },
  (table) => [
    primaryKey({ columns: [table.keyId, table.hour, table.address] }),
    index('api_key_usage_addresses_hour_idx').on(table.hour),
  ],
)

/** Flushes whose sums are in the tables above: the id is written in the same transaction, so each counts once. */
export const apiKeyUsageFlushes = pgTable('api_key_usage_flushes', {
  id: uuid('id').primaryKey(),
  partition: integer('partition').notNull(),
  flushedAt: time('flushed_at').notNull().defaultNow(),
})
