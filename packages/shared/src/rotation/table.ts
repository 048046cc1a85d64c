import { apiKeys } from '../keys/table.ts'
import { bytea, inet, time } from '../platform/postgres/columns.ts'
import { sql } from '../platform/postgres/query.ts'
import {
  bigint,
  boolean,
  check,
  index,
  integer,
  pgTable,
  primaryKey,
  smallint,
  text,
  uniqueIndex,
  uuid,
} from '../platform/postgres/schema.ts'
import type { Claimant, RotationKind, RotationState } from './states.ts'

/** Rotations: the truth of their queue. The BullMQ job only carries an id, and is made again where it is lost. */
export const apiKeyRotations = pgTable(
  'api_key_rotations',
  {
    id: uuid('id').primaryKey(),
    keyId: uuid('key_id')
      .notNull()
      .references(() => apiKeys.id),
    /** The job that does the work, with what became of each of its steps. */
    jobId: uuid('job_id').notNull(),
    kind: text('kind').$type<RotationKind>().notNull(),
    reason: text('reason'),
    /** The key that asked; undefined where Momentry did: by schedule, or by a policy. */
    requestedBy: uuid('requested_by'),
    /** The anomaly on which a policy acted. */
    anomalyId: uuid('anomaly_id'),
    state: text('state').$type<RotationState>().notNull(),
    /** The grace that was asked for; undefined: what policy and type say. */
    graceSeconds: integer('grace_seconds'),
    fromVersion: integer('from_version'),
    toVersion: integer('to_version'),
    /** When the old secret would have ended, had it not been superseded: no grace lengthens that. */
    fromExpiresAt: time('from_expires_at'),
    graceEndsAt: time('grace_ends_at'),
    claimedAt: time('claimed_at'),
    claimedBy: text('claimed_by').$type<Claimant>(),
    /** When the successor was first used, which burns the escrow. */
    firstUsedAt: time('first_used_at'),
    /** How much of the grace had passed, in percent, when people were last told that nobody has claimed. */
    unclaimedTold: smallint('unclaimed_told').notNull().default(0),
    error: text('error'),
    /** When workers last put its job on the queue. */
    enqueuedAt: time('enqueued_at'),
    createdAt: time('created_at').notNull(),
    startedAt: time('started_at'),
    finishedAt: time('finished_at'),
    updatedAt: time('updated_at').notNull(),
  },
  (table) => [
    check('api_key_rotations_kind_known', sql`${table.kind} in ('scheduled', 'manual', 'forced')`),
    check(
      'api_key_rotations_state_known',
      sql`${table.state} in ('queued', 'running', 'completed', 'failed', 'cancelled')`,
    ),
    check(
      'api_key_rotations_completed_has_versions',
      sql`${table.state} <> 'completed' or (${table.toVersion} = ${table.fromVersion} + 1 and ${table.graceEndsAt} is not null)`,
    ),
    // Two requests at once give one rotation, and no two rotations give a version two successors.
    uniqueIndex('api_key_rotations_under_way_key').on(table.keyId).where(sql`${table.state} in ('queued', 'running')`),
    uniqueIndex('api_key_rotations_from_version_key')
      .on(table.keyId, table.fromVersion)
      .where(sql`${table.state} = 'completed'`),
    index('api_key_rotations_key_idx').on(table.keyId, table.id),
    // Workers look for rotations by their jobs, each second.
    uniqueIndex('api_key_rotations_job_key').on(table.jobId),
    index('api_key_rotations_unclaimed_idx')
      .on(table.graceEndsAt)
      .where(sql`${table.state} = 'completed' and ${table.claimedAt} is null and ${table.firstUsedAt} is null`),
  ],
)

/** Escrow: successors that wait to be claimed. A row is gone with the successor's first use, or with its own end. */
export const apiKeyEscrow = pgTable(
  'api_key_escrow',
  {
    rotationId: uuid('rotation_id')
      .primaryKey()
      .references(() => apiKeyRotations.id),
    /** The successor's secret, sealed under the master key (`platform/seal.ts`). */
    sealed: bytea('sealed').notNull(),
    /** Encrypted to the holder's public key beneath the seal, so that nobody else can read it. */
    encrypted: boolean('encrypted').notNull(),
    expiresAt: time('expires_at').notNull(),
  },
  (table) => [index('api_key_escrow_expires_idx').on(table.expiresAt)],
)

/** Who used which version of a key's secret since a rotation, as validation saw it. */
export const apiKeyRotationUsage = pgTable(
  'api_key_rotation_usage',
  {
    rotationId: uuid('rotation_id').notNull(),
    version: integer('version').notNull(),
    /** `::` where it is not known. */
    address: inet('address').notNull(),
    requests: bigint('requests', { mode: 'number' }).notNull(),
    /** Of the requests, those that were refused: the secret was dead already. */
    refused: bigint('refused', { mode: 'number' }).notNull(),
    lastUsedAt: time('last_used_at').notNull(),
  },
  (table) => [primaryKey({ columns: [table.rotationId, table.version, table.address] })],
)

/** What policies did about anomalies: once per anomaly, and at most once per key and hour. */
export const apiKeyPolicyActions = pgTable(
  'api_key_policy_actions',
  {
    anomalyId: uuid('anomaly_id').primaryKey(),
    keyId: uuid('key_id')
      .notNull()
      .references(() => apiKeys.id),
    action: text('action').$type<'disable' | 'rotate' | 'throttle'>().notNull(),
    /** true: only noted what would have been done. */
    dryRun: boolean('dry_run').notNull(),
    rotationId: uuid('rotation_id'),
    at: time('at').notNull(),
  },
  (table) => [index('api_key_policy_actions_key_idx').on(table.keyId, table.at)],
)
