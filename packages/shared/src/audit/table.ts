import { bytea, inet, time } from '../platform/postgres/columns.ts'
import { bigint, date, index, jsonb, pgTable, primaryKey, text, uuid } from '../platform/postgres/schema.ts'

/**
 * What was done to keys and what hangs on them, each row chained to the one before by its hash (`audit/chain.ts`). A
 * partition a day (UTC), made by `momentry_audit_day` (migration 0004), which also closes it to changes.
 */
export const apiKeyAuditLog = pgTable(
  'api_key_audit_log',
  {
    /** 1, 2, 3, … without gaps: given under the lock that appending takes, never by a sequence. */
    seq: bigint('seq', { mode: 'number' }).notNull(),
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
    primaryKey({ columns: [table.seq, table.at] }),
    index('api_key_audit_log_key_idx').on(table.keyId, table.seq),
  ],
)

/** Where the chain stands at the end of each day: what `audit/head.ts` signs. Only the newest one still moves. */
export const apiKeyAuditHeads = pgTable('api_key_audit_heads', {
  day: date('day', { mode: 'string' }).primaryKey(),
  firstSeq: bigint('first_seq', { mode: 'number' }).notNull(),
  lastSeq: bigint('last_seq', { mode: 'number' }).notNull(),
  /** Of the row before the day's first. */
  previousHash: bytea('previous_hash').notNull(),
  /** Of the day's last row. */
  hash: bytea('hash').notNull(),
  /** The first row that followed a head which none of our keys had signed; null where there is none. */
  brokenSeq: bigint('broken_seq', { mode: 'number' }),
  /** The next day that has rows, so that no newest day can go without a trace; null for the newest one. */
  followedBy: date('followed_by', { mode: 'string' }),
  /** When a head was signed that an older version had left unsigned (migration 0004); null where it was signed at once. */
  adoptedAt: time('adopted_at'),
  /** When the day's rows were dropped, because they were old; null while they are there. */
  prunedAt: time('pruned_at'),
  /** Null where the day is from before heads were signed, until the first append adopts it. */
  signatureKeyId: text('signature_key_id'),
  signature: bytea('signature'),
})
