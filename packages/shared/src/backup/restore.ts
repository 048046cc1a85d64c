import type pg from 'pg'
import { MomentryError } from '../errors.ts'
import { allKeys } from '../keys/changes/all.ts'
import type { DatabaseDeps } from './deps.ts'
import { manifestName } from './format/manifest.ts'
import { readFormat1 } from './format-1/read.ts'
import { loadManifest, showBackup } from './list.ts'
import { restoreDocument } from './restore/format-1.ts'
import { dropSchema, knownSchemaVersion, migrateWithin, refuseNewerSchema } from './restore/schema.ts'
import { refuseOtherTables, restoreTables } from './restore/tables.ts'
import { folderOf } from './storage/names.ts'
import { readTables } from './tables/catalogue.ts'
import { connectForBackup } from './tables/connect.ts'

export interface Restored {
  number: number
  rows: number
  /** The schema version of the backup, where it was an older one. */
  migratedFrom: number | null
}

/**
 * Puts a database back to what it was when a backup was made: whole or not at all, in one transaction. The backup is
 * checked while it is read, so a damaged one changes nothing. An older one is migrated. Until it ends, whoever uses the
 * database waits.
 * @param options.replace the database may hold something, which is lost
 * @throws MomentryError `BACKUP_NOT_FOUND`; `BACKUP_DAMAGED`; `SCHEMA_TOO_NEW`; `CONFLICT` where the database is not empty
 */
export async function restoreBackup(
  deps: DatabaseDeps,
  number: number,
  { replace }: { replace: boolean },
): Promise<Restored> {
  const info = await showBackup(deps, number)
  refuseNewerSchema(info.schemaVersion)
  const newest = knownSchemaVersion()
  const client = await connectForBackup(deps.databaseUrl)
  try {
    if (!replace && !(await isEmpty(client)))
      throw new MomentryError('CONFLICT', 'the database is not empty: replacing what it holds has to be asked for')
    await client.query('BEGIN')
    await dropSchema(client)
    await migrateWithin(client, 0, info.schemaVersion)
    await load(deps, client, number)
    await migrateWithin(client, info.schemaVersion, newest)
    // Processes may have cached what is no more.
    await client.query('INSERT INTO api_key_changes (key_id) VALUES ($1)', [allKeys])
    await client.query('COMMIT')
  } finally {
    // Ends the transaction, too, where it is still open.
    await client.end()
  }
  return { number, rows: info.rows, migratedFrom: info.schemaVersion < newest ? info.schemaVersion : null }
}

async function load(deps: DatabaseDeps, client: pg.ClientBase, number: number): Promise<void> {
  const files = await deps.storage.list()
  if (files.some(({ path }) => path === `${folderOf(number)}/${manifestName}`)) {
    const manifest = await loadManifest(deps, number)
    const present = await readTables(client)
    refuseOtherTables(
      manifest,
      present.map(({ name }) => name),
    )
    return restoreTables(deps, client, manifest)
  }
  const { document } = await readFormat1(deps.storage, `${folderOf(number)}.json`, number)
  return restoreDocument(client, document)
}

/** Tells whether a database holds no key: then all else of it hangs in the air, if there is anything. */
async function isEmpty(client: pg.ClientBase): Promise<boolean> {
  const table = await client.query<{ exists: boolean }>(`SELECT to_regclass('public.api_keys') IS NOT NULL AS exists`)
  if (!table.rows[0]?.exists) return true
  const keys = await client.query('SELECT 1 FROM api_keys LIMIT 1')
  return keys.rowCount === 0
}
