import type pg from 'pg'
import { migrationLockId } from '../../platform/postgres/migrate.ts'
import { quote, readTables, type Table } from './catalogue.ts'

/**
 * Begins a transaction that sees the database as it is at one moment, and gives the tables of that moment. What it sees
 * stays: until it ends, no table and no partition can be dropped, which no snapshot would protect from.
 */
export async function beginSnapshot(client: pg.ClientBase): Promise<Table[]> {
  // While nobody migrates or restores.
  await client.query('SELECT pg_advisory_lock_shared($1)', [migrationLockId])
  const names = (await readTables(client)).map(({ name }) => quote(name))
  await client.query('BEGIN ISOLATION LEVEL REPEATABLE READ READ ONLY')
  // It is the first query after this that makes the snapshot, so that nothing comes between it and the locks.
  if (names.length > 0) await client.query(`LOCK TABLE ${names.join(', ')} IN ACCESS SHARE MODE`)
  await client.query('SELECT pg_advisory_unlock_shared($1)', [migrationLockId])
  return readTables(client)
}
