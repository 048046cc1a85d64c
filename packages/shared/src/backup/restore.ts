import type pg from 'pg'
import { MomentryError } from '../errors.ts'
import { allKeys } from '../keys/changes/all.ts'
import { migrationLockId } from '../platform/postgres/migrate.ts'
import type { DatabaseDeps } from './deps.ts'
import { clearDatabase } from './restore/clear.ts'
import { type Grant, giveGrants, readGrants } from './restore/grants.ts'
import {
  knownSchemaVersion,
  migrateWithin,
  readOwnTables,
  refuseNewerDatabase,
  refuseNewerSchema,
} from './restore/schema.ts'
import { openSource } from './restore/source.ts'
import { quote } from './tables/catalogue.ts'
import { connectForBackup } from './tables/connect.ts'
import { asDatabaseError, stateOf } from './tables/database-error.ts'

export interface Restored {
  /** null of a document of format 1 that lies elsewhere. */
  number: number | null
  rows: number
  /** The schema version of the backup, where it was an older one. */
  migratedFrom: number | null
  /** Tables in the backup that are none of Momentry's, and were left out. */
  skipped: string[]
}

/** How often it tries to get hold of all tables at once. */
const maxAttempts = 3
/** SQLSTATEs: two blocked each other, or somebody held on for too long. */
const lockTroubles = new Set(['40P01', '55P03'])

/**
 * Puts a database back to what it was when a backup was made: whole or not at all, in one transaction. The backup is
 * checked while it is read, so a damaged one changes nothing. An older one is migrated. Until it ends, whoever uses the
 * database waits. Rights that others have on the tables stay, and so does what others made.
 * @param source a backup's number, or the path of a document of format 1
 * @param options.replace the database may hold something, which is lost
 * @throws MomentryError `BACKUP_NOT_FOUND`; `BACKUP_DAMAGED`; `SCHEMA_TOO_NEW`; `CONFLICT` where the database is not empty,
 *   or others hold on to it; `FORBIDDEN`; `DATABASE_UNAVAILABLE`; `STORAGE_UNAVAILABLE`
 */
export async function restoreBackup(
  deps: DatabaseDeps,
  source: number | { file: string },
  { replace }: { replace: boolean },
): Promise<Restored> {
  const { info, load } = await openSource(deps, source)
  refuseNewerSchema(info.schemaVersion)
  const newest = knownSchemaVersion()
  const client = await connectForBackup(deps.databaseUrl)
  try {
    const grants = await begin(client, replace)
    await migrateWithin(client, 0, info.schemaVersion)
    const skipped = await load(client)
    await migrateWithin(client, info.schemaVersion, newest)
    await giveGrants(client, grants)
    // Processes may have cached what is no more.
    await client.query('INSERT INTO api_key_changes (key_id) VALUES ($1)', [allKeys])
    // Without figures on the new tables, the first queries would read all of them.
    await client.query(`ANALYZE ${(await readOwnTables(client)).map(({ name }) => quote(name)).join(', ')}`)
    await client.query('COMMIT')
    const { number, rows, schemaVersion } = info
    return { number, rows, migratedFrom: schemaVersion < newest ? schemaVersion : null, skipped }
  } catch (error) {
    throw asDatabaseError(error)
  } finally {
    // Ends the transaction, too, where it is still open.
    await client.end()
  }
}

/** Begins the transaction, with nothing of Momentry's in the database. @returns the rights to give again at its end */
async function begin(client: pg.ClientBase, replace: boolean): Promise<Grant[]> {
  for (let attempt = 1; ; attempt += 1) {
    await client.query('BEGIN')
    try {
      // Nobody migrates meanwhile, or restores.
      await client.query('SELECT pg_advisory_xact_lock($1)', [migrationLockId])
      await refuseNewerDatabase(client)
      if (!replace && !(await isEmpty(client)))
        throw new MomentryError('CONFLICT', 'the database is not empty: replacing what it holds has to be asked for')
      const grants = await readGrants(client)
      await clearDatabase(client)
      return grants
    } catch (error) {
      if (!lockTroubles.has(stateOf(error) ?? '')) throw error
      if (attempt === maxAttempts)
        throw new MomentryError('CONFLICT', 'others hold on to the database: stop the processes, and try again')
    }
    await client.query('ROLLBACK')
  }
}

/** Tells whether a database holds no key: then all else of it hangs in the air, if there is anything. */
async function isEmpty(client: pg.ClientBase): Promise<boolean> {
  const table = await client.query<{ exists: boolean }>(`SELECT to_regclass('public.api_keys') IS NOT NULL AS exists`)
  if (!table.rows[0]?.exists) return true
  const keys = await client.query('SELECT 1 FROM api_keys LIMIT 1')
  return keys.rowCount === 0
}
