import { bigint, index, jsonb, pgTable, text, uuid } from 'drizzle-orm/pg-core'
import { bytea, inet, time } from '../platform/postgres/columns.ts'

/** What was done to keys and what hangs on them, each row chained to the one before by its hash (`audit/chain.ts`). */
export const apiKeyAuditLog = pgTable(
  'api_key_audit_log',
  {
    /** 1, 2, 3, … without gaps: given under the lock that appending takes, never by a sequence. */
    seq: bigint('seq', { mode: 'number' }).primaryKey(),
    at: time('at').notNull(),
    action: text('action').notNull(),
    keyId: uuid('key_id'),
    actorKeyId: uuid('actor_key_id'),
    address: inet('address'),
    requestId: text('request_id').notNull(),
    reason: text('reason'),
    before: jsonb('before').$type<Record<string, unknown>>(),
    after: jsonb('after').$type<Record<string, unknown>>(),
    previousHash: bytea('previous_hash').notNull(),
    hash: bytea('hash').notNull(),
  },
  (table) => [
    index('api_key_audit_log_key_idx').on(table.keyId, table.seq),
    index('api_key_audit_log_at_idx').on(table.at),
  ],
)
