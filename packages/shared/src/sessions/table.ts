import { bytea, inet, time } from '../platform/postgres/columns.ts'
import { index, pgTable, text, uuid } from '../platform/postgres/schema.ts'

/** Who is signed in to the console. A session never outlives the secret that it was opened with. */
export const consoleSessions = pgTable(
  'console_sessions',
  {
    id: uuid('id').primaryKey(),
    /** SHA-256 of what the cookie holds. */
    tokenDigest: bytea('token_digest').notNull().unique(),
    keyId: uuid('key_id').notNull(),
    /** SHA-256 of the secret, by which each request asks whether it is still good. */
    secretDigest: bytea('secret_digest').notNull(),
    address: inet('address'),
    userAgent: text('user_agent'),
    createdAt: time('created_at').notNull(),
    lastSeenAt: time('last_seen_at').notNull(),
    expiresAt: time('expires_at').notNull(),
  },
  (table) => [
    index('console_sessions_key_idx').on(table.keyId),
    index('console_sessions_expires_idx').on(table.expiresAt),
  ],
)
