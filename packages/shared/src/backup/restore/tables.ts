import type pg from 'pg'
import { from } from 'pg-copy-streams'
import { MomentryError } from '../../errors.ts'
import type { BackupDeps } from '../deps.ts'
import type { Manifest, TableEntry } from '../format/manifest.ts'
import { quote, readSequences } from '../tables/catalogue.ts'
import { readTable } from '../tables/read-table.ts'
import { makePartitions, readOwnTables } from './schema.ts'

/**
 * Reads all tables of a backup into an empty schema of its version, in the transaction that is open.
 * @returns the tables of the backup that the schema has not: others made them in the database that was backed up
 * @throws MomentryError `BACKUP_DAMAGED`; `STORAGE_UNAVAILABLE`
 */
export async function restoreTables(
  deps: Pick<BackupDeps, 'storage' | 'masterKeys' | 'signal' | 'progress'>,
  client: pg.ClientBase,
  manifest: Manifest,
): Promise<string[]> {
  const present = new Set((await readOwnTables(client)).map(({ name }) => name))
  const known = manifest.tables.filter(({ name }) => present.has(name))
  refuseMissing(manifest, present)
  await emptyTables(client, known)
  for (const [done, table] of known.entries()) {
    deps.progress?.({ table: table.name, tablesDone: done, tables: known.length })
    deps.signal?.throwIfAborted()
    await makePartitions(client, table)
    await readTable(deps, manifest, table, client.query(from(copyIn(table))))
  }
  const sequences = new Set((await readSequences(client)).map(({ name }) => name))
  for (const { name, lastValue, isCalled } of manifest.sequences.filter(({ name }) => sequences.has(name)))
    await client.query('SELECT setval($1::regclass, $2::bigint, $3)', [quote(name), lastValue, isCalled])
  return manifest.tables.map(({ name }) => name).filter((name) => !present.has(name))
}

/** Rows that migrations themselves wrote are in the backup, too. */
export async function emptyTables(client: pg.ClientBase, tables: readonly { name: string }[]): Promise<void> {
  for (const { name } of tables.toReversed()) {
    const { rowCount } = await client.query(`SELECT 1 FROM ${quote(name)} LIMIT 1`)
    if (rowCount) await client.query(`DELETE FROM ${quote(name)}`)
  }
}

function copyIn({ name, columns }: TableEntry): string {
  return `COPY ${quote(name)} (${columns.map(quote).join(', ')}) FROM STDIN`
}

function refuseMissing({ tables }: Manifest, present: ReadonlySet<string>): void {
  const missing = [...present].filter((name) => !tables.some((table) => table.name === name))
  if (missing.length > 0)
    throw new MomentryError('BACKUP_DAMAGED', `the backup holds no ${missing.join(', ')}, which its schema version has`)
}
