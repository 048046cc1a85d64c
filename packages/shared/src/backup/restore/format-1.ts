import type pg from 'pg'
import { MomentryError } from '../../errors.ts'
import type { BackupDeps } from '../deps.ts'
import { type Document, damaged, type ReadRow, readDocument, readRows } from '../format-1/read.ts'
import { quote, type Table } from '../tables/catalogue.ts'
import { asDatabaseError, stateOf } from '../tables/database-error.ts'
import { readOwnTables } from './schema.ts'
import { emptyTables } from './tables.ts'

/** What one statement writes at the most. */
const batchRows = 1_000
const batchBytes = 4 * 1024 * 1024

type Deps = Pick<BackupDeps, 'signal' | 'progress'>

/**
 * Writes the rows of a document of format 1 into an empty schema of its version, in the transaction that is open. The
 * document is read once for each table, so that what is referred to comes first and nothing has to be held.
 * @throws MomentryError `BACKUP_DAMAGED` where the schema has no such table or column, or does not take a row
 */
export async function restoreDocument(deps: Deps, client: pg.ClientBase, document: Document): Promise<void> {
  const tables = await readOwnTables(client)
  const { schemaVersion, tables: held } = await readDocument(document)
  const unknown = held.find(({ name }) => !tables.some((table) => table.name === name))
  if (unknown) throw damaged(document, `schema version ${schemaVersion} has no table ${unknown.name}`)
  await emptyTables(client, tables)
  const full = tables.filter((table) => held.some(({ name, rows }) => name === table.name && rows > 0))
  for (const [done, table] of full.entries()) {
    deps.progress?.({ table: table.name, tablesDone: done, tables: full.length })
    for await (const batch of batches(readRows(document), table.name)) {
      deps.signal?.throwIfAborted()
      await insert(client, table, batch, document)
    }
  }
  await moveSequences(client)
}

/** Rows that have the same columns, one after the other. */
interface Batch {
  columns: readonly string[]
  texts: string[]
}

async function* batches(rows: AsyncIterable<ReadRow>, name: string): AsyncGenerator<Batch> {
  let batch: Batch = { columns: [], texts: [] }
  let bytes = 0
  for await (const { table, columns, text } of rows) {
    if (table !== name) continue
    const isFull = batch.texts.length >= batchRows || bytes >= batchBytes
    if (isFull || batch.columns.join() !== columns.join()) {
      if (batch.texts.length > 0) yield batch
      batch = { columns, texts: [] }
      bytes = 0
    }
    batch.texts.push(text)
    bytes += text.length
  }
  if (batch.texts.length > 0) yield batch
}

/** What a row does not name gets the column's default. */
async function insert(client: pg.ClientBase, table: Table, batch: Batch, document: Document): Promise<void> {
  const unknown = batch.columns.find((column) => !table.columns.includes(column))
  if (unknown !== undefined) throw damaged(document, `${table.name} has no column ${unknown} in its schema version`)
  const names = batch.columns.map(quote).join(', ')
  const rows = `FROM jsonb_populate_recordset(NULL::${quote(table.name)}, $1::jsonb)`
  const json = `[${batch.texts.join(',')}]`
  try {
    if (table.name === 'api_key_audit_log') await makeDays(client, rows, json)
    await client.query(`INSERT INTO ${quote(table.name)} (${names}) OVERRIDING SYSTEM VALUE SELECT ${names} ${rows}`, [
      json,
    ])
  } catch (error) {
    throw explain(error, table, document)
  }
}

/** From version 5 on a day of the audit log is a partition. */
async function makeDays(client: pg.ClientBase, rows: string, json: string): Promise<void> {
  const made = await client.query<{ exists: boolean }>(
    `SELECT to_regprocedure('momentry_audit_day(date)') IS NOT NULL AS exists`,
  )
  if (made.rows[0]?.exists)
    await client.query(
      `SELECT momentry_audit_day(day) FROM (SELECT DISTINCT (at AT TIME ZONE 'UTC')::date AS day ${rows}) AS days`,
      [json],
    )
}

/** The message of Postgres may hold a value of the row: only what it is about is told. */
function explain(error: unknown, { name }: Table, document: Document): unknown {
  const state = stateOf(error)
  const known = asDatabaseError(error)
  if (known instanceof MomentryError || state === undefined || !/^(22|23)/.test(state)) return known
  const about = ['column', 'constraint']
    .map((what) => (error instanceof Error && what in error ? Reflect.get(error, what) : undefined))
    .find((value) => typeof value === 'string')
  return damaged(document, `the database does not take a row of ${name} (${[about, state].filter(Boolean).join(', ')})`)
}

/** What is numbered goes on behind the highest number. */
async function moveSequences(client: pg.ClientBase): Promise<void> {
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
