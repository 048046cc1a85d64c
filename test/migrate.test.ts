import { readdirSync, readFileSync } from 'node:fs'
import { cp, mkdtemp, readFile, rm, writeFile } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { migrateDatabase, migrationsFolder } from '@momentry/shared/platform/postgres/migrate.ts'
import pg from 'pg'
import { afterAll, beforeAll, describe, expect, it } from 'vitest'
import { z } from 'zod'
import { createTestStores, type TestStores } from './support/stores.ts'
import { untilHolds } from './support/until-holds.ts'

let stores: TestStores
const clients: pg.Client[] = []
const folders: string[] = []
const journalSchema = z.looseObject({ entries: z.array(z.looseObject({ when: z.number() })) })
beforeAll(async () => {
  stores = await createTestStores()
})
afterAll(async () => {
  await Promise.all(clients.map((client) => client.end()))
  await stores.close()
  await Promise.all(folders.map((folder) => rm(folder, { recursive: true, force: true })))
})

const connect = async () => {
  const client = new pg.Client({ connectionString: stores.databaseUrl })
  clients.push(client)
  await client.connect()
  return client
}

describe('a migration', () => {
  it('keeps nobody waiting behind it for long where somebody holds a table, and is done in the end', async () => {
    const [holder, other] = [await connect(), await connect()]
    await holder.query('BEGIN')
    await holder.query('SELECT count(*) FROM api_keys')
    const migrating = migrateDatabase(
      stores.databaseUrl,
      await folderWith('ALTER TABLE api_keys ADD COLUMN added text'),
    )
    const waiting = `SELECT count(*)::int FROM pg_stat_activity
      WHERE datname = current_database() AND application_name = 'momentry-migrate' AND wait_event_type = 'Lock'`
    await untilHolds(async () => expect((await other.query(waiting)).rows).toEqual([{ count: 1 }]))
    // This one queues behind the migration's lock, and is let through once that gives up, while the table is still held.
    expect((await other.query('SELECT count(*)::int FROM api_keys')).rows).toEqual([{ count: 0 }])
    await holder.query('COMMIT')
    await migrating
    expect((await other.query('SELECT added FROM api_keys')).rows).toEqual([])
  })
})

/** A copy of the migrations with one more. */
async function folderWith(sql: string): Promise<string> {
  const folder = await mkdtemp(join(tmpdir(), 'momentry-migrations-'))
  folders.push(folder)
  await cp(migrationsFolder, folder, { recursive: true })
  const file = join(folder, 'meta', '_journal.json')
  const journal = journalSchema.parse(JSON.parse(await readFile(file, 'utf8')))
  const last = journal.entries.reduce((newest, { when }) => Math.max(newest, when), 0)
  journal.entries.push({
    idx: journal.entries.length,
    version: '7',
    when: last + 1,
    tag: 'one_more',
    breakpoints: true,
  })
  await writeFile(file, JSON.stringify(journal))
  await writeFile(join(folder, 'one_more.sql'), sql)
  return folder
}

describe('migrations that come after 1.0', () => {
  /** Those of before: whoever runs one of those versions stops everything to upgrade. */
  const before = [
    '0000_spine',
    '0001_rotation',
    '0002_integrations',
    '0003_guard',
    '0004_audit_days',
    '0005_usage_months',
  ]
  /** What the version before would not survive (docs/operations.md), or would wait for. */
  const forbidden: [RegExp, string][] = [
    [/\bDROP\s+(TABLE|COLUMN)\b/i, 'drops what the version before reads: that is for the version after the next'],
    [/\bRENAME\b/i, 'renames what the version before reads: add, fill, and drop it a version later'],
    [/\bALTER\s+COLUMN\s+\S+\s+(SET\s+DATA\s+)?TYPE\b/i, 'writes a table anew under a lock'],
    [/\bADD\s+COLUMN\b(?![^;]*\bDEFAULT\b)[^;]*\bNOT\s+NULL\b/i, 'adds a column that the version before does not fill'],
    [/\bSET\s+NOT\s+NULL\b/i, 'demands what the version before does not write'],
  ]
  const findProblems = (sql: string) => forbidden.filter(([pattern]) => pattern.test(sql)).map(([, why]) => why)

  it('serve the version before as well', () => {
    const files = readdirSync(migrationsFolder).filter((name) => name.endsWith('.sql'))
    expect(files).toEqual(expect.arrayContaining(before.map((name) => `${name}.sql`)))
    for (const file of files.filter((name) => !before.includes(name.replace(/\.sql$/, ''))))
      expect.soft(findProblems(readFileSync(`${migrationsFolder}/${file}`, 'utf8')), file).toEqual([])
  })

  it.each([
    ['ALTER TABLE a DROP COLUMN b', 1],
    ['DROP TABLE a', 1],
    ['ALTER TABLE a RENAME COLUMN b TO c', 1],
    ['ALTER TABLE a ADD COLUMN b text NOT NULL', 1],
    ['ALTER TABLE a ALTER COLUMN b SET DATA TYPE bigint', 1],
    ['ALTER TABLE a ALTER COLUMN b SET NOT NULL', 1],
    [`ALTER TABLE a ADD COLUMN b text DEFAULT '' NOT NULL`, 0],
    ['ALTER TABLE a ADD COLUMN b text', 0],
    ['CREATE TABLE a (b text NOT NULL)', 0],
  ])('%s breaks %i of the rules', (sql, problems) => {
    expect(findProblems(sql)).toHaveLength(problems)
  })
})
