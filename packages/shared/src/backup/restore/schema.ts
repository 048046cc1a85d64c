import { readMigrationFiles } from 'drizzle-orm/migrator'
import type pg from 'pg'
import { MomentryError } from '../../errors.ts'
import { migrationsFolder } from '../../platform/postgres/migrate.ts'
import type { TableEntry } from '../format/manifest.ts'
import { quote } from '../tables/catalogue.ts'

/** How many migrations this version of Momentry has. */
export function knownSchemaVersion(): number {
  return readMigrationFiles({ migrationsFolder }).length
}

/** @throws MomentryError `SCHEMA_TOO_NEW` */
export function refuseNewerSchema(schemaVersion: number): void {
  const known = knownSchemaVersion()
  if (schemaVersion <= known) return
  throw new MomentryError(
    'SCHEMA_TOO_NEW',
    `the backup is of schema version ${schemaVersion}, and this version of Momentry knows ${known}: restore it with a newer one`,
  )
}

/** Drops all that Momentry made in a database, in the transaction that is open. What others made there stays. */
export async function dropSchema(client: pg.ClientBase): Promise<void> {
  const { rows } = await client.query<{ statement: string }>(`
    SELECT format('DROP TABLE IF EXISTS %I CASCADE', relname) AS statement FROM pg_class
      WHERE relnamespace = 'public'::regnamespace AND relkind IN ('r', 'p') AND NOT relispartition
        AND relowner = (SELECT oid FROM pg_roles WHERE rolname = current_user)
    UNION ALL
    SELECT format('DROP FUNCTION IF EXISTS %s CASCADE', oid::regprocedure) FROM pg_proc
      WHERE pronamespace = 'public'::regnamespace AND proname LIKE 'momentry\\_%'
    UNION ALL
    SELECT 'DROP TABLE IF EXISTS drizzle.__drizzle_migrations'`)
  for (const { statement } of rows) await client.query(statement)
}

/**
 * Runs the migrations from one version to another, in the transaction that is open, and notes them as the migrator does.
 * @param from how many are there already
 */
export async function migrateWithin(client: pg.ClientBase, from: number, to: number): Promise<void> {
  await client.query('CREATE SCHEMA IF NOT EXISTS drizzle')
  await client.query(
    'CREATE TABLE IF NOT EXISTS drizzle.__drizzle_migrations (id SERIAL PRIMARY KEY, hash text NOT NULL, created_at bigint)',
  )
  for (const { sql, hash, folderMillis } of readMigrationFiles({ migrationsFolder }).slice(from, to)) {
    for (const statement of sql) await client.query(statement)
    await client.query('INSERT INTO drizzle.__drizzle_migrations (hash, created_at) VALUES ($1, $2)', [
      hash,
      folderMillis,
    ])
  }
}

/** Makes the partitions that a table's rows lie in. A day of the audit log is made by what also closes it to changes. */
export async function makePartitions(client: pg.ClientBase, { name, partitions }: TableEntry): Promise<void> {
  for (const partition of partitions) {
    const day = /^api_key_audit_log_(\d{4})(\d{2})(\d{2})$/.exec(partition.name)
    if (day) await client.query('SELECT momentry_audit_day($1::date)', [day.slice(1).join('-')])
    else
      await client.query(
        `CREATE TABLE IF NOT EXISTS ${quote(partition.name)} PARTITION OF ${quote(name)} ${partition.bound}`,
      )
  }
}
