import { bytea, time } from '../platform/postgres/columns.ts'
import { index, integer, pgTable, primaryKey, text, uuid } from '../platform/postgres/schema.ts'

/** Answers to requests that carried an `Idempotency-Key`, kept 24 h, so that the same request gives the same answer. */
export const apiIdempotency = pgTable(
  'api_idempotency',
  {
    /** Whose `Idempotency-Key` it is: two callers may choose the same text. */
    actorKeyId: uuid('actor_key_id').notNull(),
    idempotencyKey: text('idempotency_key').notNull(),
    /** SHA-256 of method, path and body: the same key with another request is refused. */
    fingerprint: bytea('fingerprint').notNull(),
    status: integer('status'),
    /** The answer's body, sealed under the master key, since it may hold a secret. */
    response: bytea('response'),
    createdAt: time('created_at').notNull(),
  },
  (table) => [
    primaryKey({ columns: [table.actorKeyId, table.idempotencyKey] }),
    index('api_idempotency_created_idx').on(table.createdAt),
  ],
)
