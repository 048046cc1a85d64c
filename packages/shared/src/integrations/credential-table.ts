import { time } from '../platform/postgres/columns.ts'
import { sql } from '../platform/postgres/query.ts'
import { boolean, check, index, integer, jsonb, pgTable, text, uniqueIndex, uuid } from '../platform/postgres/schema.ts'
import type { CredentialPolicy } from './policy.ts'
import type { CredentialState, VerificationOutcome } from './states.ts'
import { integrationConnections } from './table.ts'

/**
 * Makes the table in which one system's credentials are tracked: everything about them but their values. A row keeps its
 * id over rotations, as a key does.
 * @param name `gitea_tokens`
 */
export function credentialTable<Name extends string>(name: Name) {
  return pgTable(
    name,
    {
      id: uuid('id').primaryKey(),
      /** Whose base URL it is: the same id on another server is another credential. */
      server: text('server').notNull(),
      owner: text('owner').notNull(),
      name: text('name').notNull(),
      /** What it is called there at present: a successor needs a name of its own. */
      remoteName: text('remote_name').notNull(),
      /** undefined until the system has told it. */
      remoteId: text('remote_id'),
      /** The end of its value, as the system shows it. */
      hint: text('hint'),
      /** As the system normalised them. */
      scopes: text('scopes').array().notNull(),
      /** Counts its rotations, from 1. */
      version: integer('version').notNull().default(1),
      state: text('state').$type<CredentialState>().notNull(),
      /** Taken in, and not made by Momentry. */
      adopted: boolean('adopted').notNull().default(false),
      /** The account that acts for it where no person does. */
      connectionId: uuid('connection_id').references(() => integrationConnections.id, { onDelete: 'set null' }),
      policy: jsonb('policy').$type<CredentialPolicy>().notNull(),
      nextRotationAt: time('next_rotation_at'),
      expiresAt: time('expires_at'),
      /** When people were last told that its expiry could not be carried out. */
      expiryToldAt: time('expiry_told_at'),
      lastVerifiedAt: time('last_verified_at'),
      lastOutcome: text('last_outcome').$type<VerificationOutcome>(),
      createdBy: uuid('created_by'),
      createdAt: time('created_at').notNull(),
      /** When its present value was made. */
      renewedAt: time('renewed_at').notNull(),
      endedAt: time('ended_at'),
      updatedAt: time('updated_at').notNull(),
    },
    (table) => [
      check(`${name}_state_known`, sql`${table.state} in ('creating', 'active', 'deleted', 'gone', 'expired')`),
      check(`${name}_active_has_id`, sql`${table.state} <> 'active' or ${table.remoteId} is not null`),
      uniqueIndex(`${name}_name_key`)
        .on(table.server, table.owner, table.name)
        .where(sql`${table.state} in ('creating', 'active')`),
      uniqueIndex(`${name}_remote_name_key`)
        .on(table.server, table.owner, table.remoteName)
        .where(sql`${table.state} in ('creating', 'active')`),
      uniqueIndex(`${name}_remote_id_key`).on(table.server, table.remoteId).where(sql`${table.state} = 'active'`),
      index(`${name}_due_idx`)
        .on(table.nextRotationAt)
        .where(sql`${table.state} = 'active' and ${table.nextRotationAt} is not null`),
      index(`${name}_expires_idx`)
        .on(table.expiresAt)
        .where(sql`${table.state} = 'active' and ${table.expiresAt} is not null`),
    ],
  )
}

export type CredentialTable = ReturnType<typeof credentialTable<string>>
export type CredentialRow = CredentialTable['$inferSelect']
