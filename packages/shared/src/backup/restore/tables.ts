import type pg from 'pg'
import { from } from 'pg-copy-streams'
import { MomentryError } from '../../errors.ts'
import type { BackupDeps } from '../deps.ts'
import type { Manifest, TableEntry } from '../format/manifest.ts'
import { quote } from '../tables/catalogue.ts'
import { readTable } from '../tables/read-table.ts'
import { makePartitions } from './schema.ts'

/** Reads all tables of a backup into an empty schema of its version, in the transaction that is open. */
export async function restoreTables(
  deps: Pick<BackupDeps, 'storage' | 'masterKeys' | 'signal' | 'progress'>,
  client: pg.ClientBase,
  manifest: Manifest,
): Promise<void> {
  await emptyTables(client, manifest.tables)
  for (const [done, table] of manifest.tables.entries()) {
    deps.progress?.({ table: table.name, tablesDone: done, tables: manifest.tables.length })
    await makePartitions(client, table)
    await readTable(deps, manifest, table, client.query(from(copyIn(table))))
  }
  for (const { name, lastValue, isCalled } of manifest.sequences)
    await client.query('SELECT setval($1::regclass, $2::bigint, $3)', [quote(name), lastValue, isCalled])
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

/** @throws MomentryError `BACKUP_DAMAGED` where the tables of the schema are others than those of the backup */
export function refuseOtherTables(manifest: Manifest, present: readonly string[]): void {
  const missing = present.filter((name) => !manifest.tables.some((table) => table.name === name))
  if (missing.length > 0)
    throw new MomentryError('BACKUP_DAMAGED', `the backup holds no ${missing.join(', ')}, which its schema version has`)
}
