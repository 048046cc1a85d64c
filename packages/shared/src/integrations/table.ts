import { bytea, time } from '../platform/postgres/columns.ts'
import { sql } from '../platform/postgres/query.ts'
import {
  check,
  index,
  integer,
  jsonb,
  pgTable,
  smallint,
  text,
  uniqueIndex,
  uuid,
} from '../platform/postgres/schema.ts'
import type { RotationKind } from '../rotation/states.ts'
import type { HandOver } from './policy.ts'
import type { IntegrationRotationState } from './states.ts'

/** Accounts on other systems that operators stored, so that Momentry can act there without a person. */
export const integrationConnections = pgTable(
  'integration_connections',
  {
    id: uuid('id').primaryKey(),
    system: text('system').notNull(),
    server: text('server').notNull(),
    name: text('name').notNull(),
    /** The user's name or address there. */
    account: text('account').notNull(),
    /** What the account signs in with, sealed under the master key (`platform/seal.ts`). */
    sealedCredentials: bytea('sealed_credentials').notNull(),
    /** Its session there, likewise; systems without sessions have none. */
    sealedSession: bytea('sealed_session'),
    sessionExpiresAt: time('session_expires_at'),
    /** Why the account was last refused; null since it was last taken. */
    error: text('error'),
    lastUsedAt: time('last_used_at'),
    createdBy: uuid('created_by'),
    createdAt: time('created_at').notNull(),
    updatedAt: time('updated_at').notNull(),
  },
  (table) => [uniqueIndex('integration_connections_name_key').on(table.system, table.name)],
)

/**
 * Rotations of credentials elsewhere: the truth of their queue, and of how far each has come. Times say which of its
 * parts are done, so that a death at any point repeats one part at the most.
 */
export const integrationRotations = pgTable(
  'integration_rotations',
  {
    id: uuid('id').primaryKey(),
    system: text('system').notNull(),
    /** Of the system's own table, so there is no reference. */
    credentialId: uuid('credential_id').notNull(),
    /** The job that does the work; another one deletes the old credential after the grace. */
    jobId: uuid('job_id').notNull(),
    kind: text('kind').$type<RotationKind>().notNull(),
    reason: text('reason'),
    /** The key that asked; undefined where Momentry did, by schedule. */
    requestedBy: uuid('requested_by'),
    state: text('state').$type<IntegrationRotationState>().notNull(),
    /** The grace that was asked for; undefined: what the policy says. */
    graceSeconds: integer('grace_seconds'),
    handOver: jsonb('hand_over').$type<HandOver>().notNull(),
    fromVersion: integer('from_version').notNull(),
    /** The credential that is replaced. Only what has this id and this name is ever deleted. */
    oldRemoteId: text('old_remote_id').notNull(),
    oldRemoteName: text('old_remote_name').notNull(),
    /** The name of the successor, which nobody else would choose: by it one that was made and lost is found again. */
    newRemoteName: text('new_remote_name').notNull(),
    /** When the first request for the successor was about to be sent. What has its name before that is not ours. */
    createSentAt: time('create_sent_at'),
    newRemoteId: text('new_remote_id'),
    newHint: text('new_hint'),
    createdThereAt: time('created_there_at'),
    /** When the credential became its successor. */
    switchedAt: time('switched_at'),
    handedOverAt: time('handed_over_at'),
    verifiedAt: time('verified_at'),
    graceEndsAt: time('grace_ends_at'),
    oldDeletedAt: time('old_deleted_at'),
    claimedAt: time('claimed_at'),
    /** How much of the grace had passed, in percent, when people were last told that nobody has fetched the successor. */
    unclaimedTold: smallint('unclaimed_told').notNull().default(0),
    /** When a successor that is not wanted any more was seen to be gone. */
    newRemovedAt: time('new_removed_at'),
    error: text('error'),
    /** Before this nothing is to be done. */
    wakesAt: time('wakes_at').notNull(),
    /** When workers last put its job on the queue. */
    enqueuedAt: time('enqueued_at'),
    createdAt: time('created_at').notNull(),
    startedAt: time('started_at'),
    finishedAt: time('finished_at'),
    updatedAt: time('updated_at').notNull(),
  },
  (table) => [
    check('integration_rotations_kind_known', sql`${table.kind} in ('scheduled', 'manual', 'forced')`),
    check(
      'integration_rotations_state_known',
      sql`${table.state} in ('queued', 'running', 'draining', 'completed', 'failed', 'cancelled')`,
    ),
    check(
      'integration_rotations_old_goes_after_the_switch',
      sql`${table.oldDeletedAt} is null or ${table.switchedAt} is not null`,
    ),
    // Two requests at once give one rotation.
    uniqueIndex('integration_rotations_under_way_key')
      .on(table.system, table.credentialId)
      .where(sql`${table.state} in ('queued', 'running')`),
    index('integration_rotations_credential_idx').on(table.credentialId, table.id),
    uniqueIndex('integration_rotations_job_key').on(table.jobId),
    index('integration_rotations_leftover_idx')
      .on(table.createSentAt)
      .where(sql`${table.state} = 'cancelled' and ${table.createSentAt} is not null and ${table.newRemovedAt} is null`),
    index('integration_rotations_wakes_idx')
      .on(table.wakesAt)
      .where(sql`${table.state} in ('queued', 'running', 'draining')`),
  ],
)

/** Escrow: successors that wait to be fetched or handed over. */
export const integrationEscrow = pgTable(
  'integration_escrow',
  {
    rotationId: uuid('rotation_id')
      .primaryKey()
      .references(() => integrationRotations.id),
    /** The credential's value, sealed under the master key. */
    sealed: bytea('sealed').notNull(),
    expiresAt: time('expires_at').notNull(),
  },
  (table) => [index('integration_escrow_expires_idx').on(table.expiresAt)],
)
