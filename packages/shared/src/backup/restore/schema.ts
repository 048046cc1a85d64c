import { readMigrationFiles } from 'drizzle-orm/migrator'
import type pg from 'pg'
import { MomentryError } from '../../errors.ts'
import { migrationsFolder } from '../../platform/postgres/migrate.ts'
import type { TableEntry } from '../format/manifest.ts'
import { quote, readTables, type Table } from '../tables/catalogue.ts'
import { readSchemaVersion } from '../tables/schema-version.ts'

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

/** Refuses to replace what a newer version of Momentry made: nobody here knows all of it. @throws MomentryError `SCHEMA_TOO_NEW` */
export async function refuseNewerDatabase(client: pg.ClientBase): Promise<void> {
  const [present, known] = [await readSchemaVersion(client), knownSchemaVersion()]
  if (present <= known) return
  throw new MomentryError(
    'SCHEMA_TOO_NEW',
    `the database is of schema version ${present}, and this version of Momentry knows ${known}: restore with a newer one`,
  )
}

/** The tables that migrations make, or made once, by what they say. */
export function migratedTables(): Set<string> {
  const made = /\b(?:CREATE\s+TABLE(?:\s+IF\s+NOT\s+EXISTS)?|RENAME\s+TO)\s+(?:"?public"?\.)?"?([a-z_][a-z0-9_]*)/gi
  const statements = readMigrationFiles({ migrationsFolder }).flatMap(({ sql }) => sql)
  return new Set(statements.flatMap((statement) => [...statement.matchAll(made)].map(([, name = '']) => name)))
}

/** Gives those tables of a database that are Momentry's, each after those that it refers to. */
export async function readOwnTables(client: pg.ClientBase): Promise<Table[]> {
  const own = migratedTables()
  return (await readTables(client)).filter(({ name }) => own.has(name))
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
