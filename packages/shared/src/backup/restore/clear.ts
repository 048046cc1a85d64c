import type pg from 'pg'
import { MomentryError } from '../../errors.ts'
import { quote } from '../tables/catalogue.ts'
import { stateOf } from '../tables/database-error.ts'
import { readOwnTables } from './schema.ts'

/** Longer than any transaction of a process may stand still. */
const lockTimeout = '40s'

/** SQLSTATE of a drop that others' views, keys or triggers forbid. */
const dependentObjects = '2BP01'

/**
 * Drops all that Momentry made in a database, in the transaction that is open; what others made there stays. All that
 * follows is done as the owner of what was there.
 * @throws MomentryError `CONFLICT` where something of others hangs on it, or where the role may not; an error of Postgres
 *   where others hold on to it for too long
 */
export async function clearDatabase(client: pg.ClientBase): Promise<void> {
  await becomeOwner(client)
  // What others refer to comes first, as in the transactions of the processes, so that these and this seldom block each other.
  const tables = (await readOwnTables(client)).map(({ name }) => quote(name))
  await client.query(`SET LOCAL lock_timeout = '${lockTimeout}'`)
  if (tables.length > 0) await drop(client, `DROP TABLE ${tables.join(', ')}`)
  await drop(client, 'DROP TABLE IF EXISTS drizzle.__drizzle_migrations')
  await client.query('SET LOCAL lock_timeout = 0')
  const { rows } = await client.query<{ statement: string }>(`
    SELECT format('DROP FUNCTION %s', oid::regprocedure) AS statement FROM pg_proc
    WHERE pronamespace = 'public'::regnamespace AND proname LIKE 'momentry\\_%'`)
  for (const { statement } of rows) await drop(client, statement)
}

async function drop(client: pg.ClientBase, statement: string): Promise<void> {
  try {
    await client.query(statement)
  } catch (error) {
    if (stateOf(error) !== dependentObjects) throw error
    const detail = error instanceof Error && 'detail' in error ? `: ${String(error.detail)}` : ''
    throw new MomentryError('CONFLICT', `what others made hangs on what is replaced: drop it first${detail}`)
  }
}

/** Whoever owned the tables owns the new ones, so that the processes can go on with them. */
async function becomeOwner(client: pg.ClientBase): Promise<void> {
  const { rows } = await client.query<{ owner: string }>(`
    SELECT pg_get_userbyid(relowner) AS owner FROM pg_class
    WHERE oid = to_regclass('public.api_keys') AND pg_get_userbyid(relowner) <> current_user`)
  const owner = rows[0]?.owner
  if (owner === undefined) return
  try {
    await client.query(`SET LOCAL ROLE ${quote(owner)}`)
  } catch (error) {
    if (stateOf(error) !== '42501') throw error
    throw new MomentryError('CONFLICT', `the tables belong to the role ${owner}: restore as that one`)
  }
}
