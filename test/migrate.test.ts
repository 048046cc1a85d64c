import { readdirSync, readFileSync } from 'node:fs'
import { migrateWithin } from '@momentry/shared/backup/restore/schema.ts'
import { migrateDatabase, migrationsFolder } from '@momentry/shared/platform/postgres/migrate.ts'
import pg from 'pg'
import { afterAll, beforeAll, describe, expect, it, vi } from 'vitest'
import { runSql } from './support/servers/database.ts'
import { createTestStores, type TestStores } from './support/stores.ts'

let stores: TestStores
const clients: pg.Client[] = []
beforeAll(async () => {
  stores = await createTestStores()
})
afterAll(async () => {
  await Promise.all(clients.map((client) => client.end()))
  await stores.close()
})

const connect = async () => {
  const client = new pg.Client({ connectionString: stores.databaseUrl })
  clients.push(client)
  await client.connect()
  return client
}

describe('a migration', () => {
  it('keeps nobody waiting behind it for long where somebody holds a table, and is done in the end', async () => {
    // A database that lacks the last one.
    await runSql(
      stores.databaseUrl,
      'DROP SCHEMA public CASCADE; DROP SCHEMA drizzle CASCADE; CREATE SCHEMA public; CREATE EXTENSION pg_trgm',
    )
    await migrateWithin(await connect(), 0, 5)
    const [holder, other] = [await connect(), await connect()]
    await holder.query('BEGIN')
    await holder.query('SELECT count(*) FROM api_key_usage')
    const migrating = migrateDatabase(stores.databaseUrl)
    const isWaiting = async () => {
      const { rows } = await other.query(
        `SELECT count(*)::int FROM pg_locks WHERE NOT granted AND database = (SELECT oid FROM pg_database WHERE datname = current_database())`,
      )
      return rows[0].count
    }
    await vi.waitFor(async () => expect(await isWaiting()).toBeGreaterThan(0))
    // This one queues behind the migration's lock, and is let through once that gives up.
    expect((await other.query('SELECT count(*)::int FROM api_key_usage')).rows).toEqual([{ count: 0 }])
    await holder.query('COMMIT')
    await migrating
    expect((await other.query('SELECT count(*)::int FROM drizzle.__drizzle_migrations')).rows).toEqual([{ count: 6 }])
  }, 60_000)
})

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
