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
  primaryKey,
  text,
  uniqueIndex,
  uuid,
} from '../platform/postgres/schema.ts'
import type { KeyPolicy } from './fields/policy.ts'
import { type KeyType, keyTypes } from './kinds.ts'

const typeList = sql.raw(keyTypes.map((type) => `'${type}'`).join(', '))

/** Keys: stable identities. A row is never deleted, so that a dead secret is still told from an unknown one. */
export const apiKeys = pgTable(
  'api_keys',
  {
    id: uuid('id').primaryKey(),
    type: text('type').$type<KeyType>().notNull(),
    name: text('name').notNull(),
    ownerId: text('owner_id'),
    scopes: text('scopes').array().notNull(),
    metadata: jsonb('metadata').$type<Record<string, unknown>>().notNull().default({}),
    policy: jsonb('policy').$type<KeyPolicy>().notNull().default({}),
    enabled: boolean('enabled').notNull().default(true),
    secretVersion: integer('secret_version').notNull().default(1),
    expiresAt: time('expires_at'),
    /** When people were last told that the expiry is near. */
    expiryNoticedAt: time('expiry_noticed_at'),
    /** When the next scheduled rotation is due; undefined for a key without a schedule. */
    nextRotationAt: time('next_rotation_at'),
    /** The holder's public key (SPKI, PEM): successors are encrypted to it. */
    publicKey: text('public_key'),
    /** Until when an anomaly slows the key down (policy `throttle`). */
    throttledUntil: time('throttled_until'),
    revokedAt: time('revoked_at'),
    revokeReason: text('revoke_reason'),
    lastUsedAt: time('last_used_at'),
    createdBy: uuid('created_by'),
    createdAt: time('created_at').notNull(),
    updatedAt: time('updated_at').notNull(),
  },
  (table) => [
    check('api_keys_type_known', sql`${table.type} in (${typeList})`),
    check('api_keys_secret_version_positive', sql`${table.secretVersion} >= 1`),
    check('api_keys_emergency_expires', sql`${table.type} <> 'emergency' or ${table.expiresAt} is not null`),
    index('api_keys_owner_idx').on(table.ownerId, table.id),
    index('api_keys_type_idx').on(table.type, table.id),
    index('api_keys_name_idx').on(sql`lower(${table.name})`, table.id),
    // Each note of a use writes it anew, some 10 µs: without it a list by last use sorts all keys there are.
    index('api_keys_last_used_idx').on(sql`coalesce(${table.lastUsedAt}, 'epoch'::timestamptz)`, table.id),
    index('api_keys_name_trgm_idx').using('gin', sql`lower(${table.name}) gin_trgm_ops`),
    index('api_keys_expires_idx')
      .on(table.expiresAt)
      .where(sql`${table.expiresAt} is not null and ${table.revokedAt} is null`),
    index('api_keys_next_rotation_idx').on(table.nextRotationAt).where(sql`${table.nextRotationAt} is not null`),
  ],
)

/** Versions of a key's credential. Only digests are kept. */
export const apiKeySecrets = pgTable(
  'api_key_secrets',
  {
    keyId: uuid('key_id')
      .notNull()
      .references(() => apiKeys.id),
    version: integer('version').notNull(),
    /** SHA-256 of the secret. */
    digest: bytea('digest').notNull(),
    /** The secret's last four characters before its checksum, so that people can tell secrets apart. */
    hint: text('hint').notNull(),
    /** How a secret begins that another system made and whose digest was imported; null: it is one of ours. */
    importedPrefix: text('imported_prefix'),
    createdAt: time('created_at').notNull(),
    /** When a successor took over; undefined for the current version. */
    supersededAt: time('superseded_at'),
    /** The end of the grace: a superseded secret stops validating then. */
    graceEndsAt: time('grace_ends_at'),
    /** The rotation that made this version; undefined for a key's first. */
    rotationId: uuid('rotation_id'),
    /** Made by a rotation, and not used by anybody yet. */
    awaitsFirstUse: boolean('awaits_first_use').notNull().default(false),
    /** Superseded, and its holder can fetch the successor with it. */
    claimable: boolean('claimable').notNull().default(false),
  },
  (table) => [
    primaryKey({ columns: [table.keyId, table.version] }),
    uniqueIndex('api_key_secrets_digest_key').on(table.digest),
    index('api_key_secrets_imported_idx').on(table.importedPrefix).where(sql`${table.importedPrefix} is not null`),
    check('api_key_secrets_digest_is_sha256', sql`octet_length(${table.digest}) = 32`),
    check('api_key_secrets_superseded_has_end', sql`(${table.supersededAt} is null) = (${table.graceEndsAt} is null)`),
  ],
)

/**
 * The outbox of changes: a row is written in the transaction that changes a key and removed once the change is
 * published, so that a process which dies in between leaves the row for the worker's sweep.
 */
export const apiKeyChanges = pgTable('api_key_changes', {
  id: bigint('id', { mode: 'bigint' }).primaryKey().generatedAlwaysAsIdentity(),
  keyId: uuid('key_id').notNull(),
  changedAt: time('changed_at').notNull().defaultNow(),
})
