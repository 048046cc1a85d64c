import type pg from 'pg'
import { MomentryError } from '../../errors.ts'
import type { Format1 } from '../format-1/read.ts'
import { quote, readTables, type Table } from '../tables/catalogue.ts'
import { emptyTables } from './tables.ts'

/** Rows that one statement writes. */
const batchSize = 1_000

/** Writes the rows of a document of format 1 into an empty schema of its version, in the transaction that is open. */
export async function restoreDocument(client: pg.ClientBase, document: Format1): Promise<void> {
  const tables = await readTables(client)
  const unknown = Object.keys(document.tables).filter((name) => !tables.some((table) => table.name === name))
  if (unknown.length > 0)
    throw new MomentryError(
      'BACKUP_DAMAGED',
      `schema version ${document.schemaVersion} has no table ${unknown.join(', ')}`,
    )
  await emptyTables(client, tables)
  for (const table of tables) {
    const rows = document.tables[table.name] ?? []
    for (let at = 0; at < rows.length; at += batchSize)
      await client.query(insert(table), [JSON.stringify(rows.slice(at, at + batchSize))])
  }
  // What is numbered goes on behind the highest number.
  const { rows: owned } = await client.query<{ sequence: string; table: string; column: string }>(`
    SELECT s.oid::regclass::text AS sequence, t.relname AS table, a.attname AS column
    FROM pg_depend d JOIN pg_class s ON s.oid = d.objid AND s.relkind = 'S'
      JOIN pg_class t ON t.oid = d.refobjid JOIN pg_attribute a ON a.attrelid = t.oid AND a.attnum = d.refobjsubid
    WHERE t.relnamespace = 'public'::regnamespace`)
  for (const { sequence, table, column } of owned)
    await client.query(
      `SELECT setval($1::regclass, coalesce(max(${quote(column)}), 0) + 1, false) FROM ${quote(table)}`,
      [sequence],
    )
}

function insert({ name, columns }: Table): string {
  const names = columns.map(quote).join(', ')
  return `INSERT INTO ${quote(name)} (${names}) OVERRIDING SYSTEM VALUE
    SELECT ${names} FROM jsonb_populate_recordset(NULL::${quote(name)}, $1::jsonb)`
}
