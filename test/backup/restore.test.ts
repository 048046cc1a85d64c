import { verifyAudit } from '@momentry/shared/audit/verify.ts'
import { createBackup } from '@momentry/shared/backup/create.ts'
import { diffBackups } from '@momentry/shared/backup/diff.ts'
import { migratedTables } from '@momentry/shared/backup/restore/schema.ts'
import { restoreBackup } from '@momentry/shared/backup/restore.ts'
import { hashSecret } from '@momentry/shared/keys/secret.ts'
import { createSecretFinder } from '@momentry/shared/keys/validation/record/find.ts'
import { claimSuccessor } from '@momentry/shared/rotation/escrow/claim.ts'
import pg from 'pg'
import { afterAll, beforeAll, describe, expect, it } from 'vitest'
import { runSql } from '../support/servers/database.ts'
import { createTestSigner } from '../support/signer.ts'
import { fillEveryTable, type Rotated, seal } from './fill.ts'
import { type BackupBench, createBackupBench, type TestDatabase } from './support.ts'

let bench: BackupBench
let source: TestDatabase
let rotated: Rotated
let number: number
beforeAll(async () => {
  bench = await createBackupBench()
  source = await bench.openDatabase()
  rotated = await fillEveryTable(source)
  number = (await createBackup(bench.deps(source), { reason: null })).number
})
afterAll(() => bench.close())

const tablesOf = async (database: TestDatabase) => {
  const rows = await database.rows(
    `select c.oid::regclass::text as name from pg_class c where relnamespace = 'public'::regnamespace
     and relkind in ('r', 'p') and not relispartition order by 1`,
  )
  return rows.map(({ name }) => String(name))
}

describe('a restored database', () => {
  let target: TestDatabase
  beforeAll(async () => {
    target = await bench.openDatabase()
    await restoreBackup(bench.deps(target), number, { replace: false })
  })

  it('has each row of each table, in the schema that migrations make', async () => {
    const tables = await tablesOf(source)
    expect(await tablesOf(target)).toEqual(tables)
    for (const table of tables) {
      const rows = (from: TestDatabase) => from.rows(`select t::text as row from ${table} t order by 1`)
      const [before, after] = [await rows(source), await rows(target)]
      expect(before.length, table).toBeGreaterThan(0)
      // The word to all processes to forget what they know is one more.
      if (table === 'api_key_changes') expect(after).toEqual(expect.arrayContaining(before))
      else expect(after, table).toEqual(before)
    }
    const shape = `select table_name, column_name, data_type, column_default, is_nullable from information_schema.columns
      where table_schema = 'public' order by 1, ordinal_position`
    expect(await target.rows(shape)).toEqual(await source.rows(shape))
    const objects = `select conname as name, pg_get_constraintdef(oid) as text from pg_constraint where connamespace = 'public'::regnamespace
      union all select indexname, indexdef from pg_indexes where schemaname = 'public'
      union all select tgname || tgrelid::regclass, pg_get_triggerdef(oid) from pg_trigger where not tgisinternal order by 1, 2`
    expect(await target.rows(objects)).toEqual(await source.rows(objects))
  })

  it('validates what validated, opens its escrow, proves its audit log, and counts on', async () => {
    const find = createSecretFinder(target.postgres.pool)
    const old = await find(hashSecret(rotated.oldSecret))
    expect(old).toMatchObject({ keyId: rotated.keyId })
    const delivery = await claimSuccessor(target.context, { seal: seal() }, { keyId: rotated.keyId, version: 1 })
    expect(await find(hashSecret('key' in delivery ? delivery.key : ''))).toMatchObject({
      keyId: rotated.keyId,
      version: 2,
    })
    expect(await verifyAudit(target.postgres.db, { signer: createTestSigner() })).toMatchObject({ valid: true })
    const [changes] = await target.rows(
      `insert into api_key_changes (key_id) values ('${rotated.keyId}') returning id > (select max(id) from api_key_changes) as later`,
    )
    expect(changes).toEqual({ later: true })
    await expect(target.rows('delete from api_key_audit_log')).rejects.toThrow(/never changed|permission denied/)
  })

  it('differs from what it was made of by what was done since', async () => {
    const since = await createBackup(bench.deps(target), { reason: null })
    const diffs = await diffBackups(bench.deps(target), number, since.number)
    const changed = diffs.filter(({ added, removed, changed }) => added + removed + changed > 0)
    expect(changed.map(({ name, added, removed, changed }) => [name, added, removed, changed]).sort()).toEqual([
      ['api_key_audit_heads', 0, 0, 1],
      ['api_key_audit_log', 1, 0, 0],
      ['api_key_changes', 2, 0, 0],
      ['api_key_rotations', 0, 0, 1],
    ])
  })
})

describe('a restore over what is there', () => {
  it('leaves the rights of other roles, and what others made', async () => {
    const target = await bench.openDatabase()
    // A role that is there on every server, since the one of the tests may not make any.
    await target.rows(`
      grant select, insert on api_keys to pg_monitor with grant option;
      grant update (name, scopes) on api_keys to pg_monitor;
      grant usage on sequence api_key_changes_id_seq to pg_monitor;
      grant select on drizzle.__drizzle_migrations to public;
      revoke execute on function momentry_audit_day(date) from public;
      grant execute on function momentry_audit_day(date) to pg_monitor;
      create table strangers ("A" int, b int primary key); insert into strangers values (1, 2)`)
    const rights = `select c.oid::regclass::text as name, relacl::text as acl from pg_class c
        where relnamespace in ('public'::regnamespace, 'drizzle'::regnamespace) and not relispartition
      union all select attrelid::regclass || '.' || attname, attacl::text from pg_attribute where attacl is not null and attrelid = 'api_keys'::regclass
      union all select oid::regprocedure::text, proacl::text from pg_proc where proname like 'momentry\\_%' order by 1`
    const before = await target.rows(rights)
    const held = await createBackup(bench.deps(target), { reason: null })
    expect(await restoreBackup(bench.deps(target), number, { replace: true })).toMatchObject({ number, skipped: [] })
    expect(await target.rows(rights)).toEqual(before)
    expect(await target.rows('select * from strangers')).toEqual([{ A: 1, b: 2 }])
    // They are in a backup as well, and nobody knows how to make their table again.
    expect(held.tables.map(({ name }) => name)).toContain('strangers')
    expect(await restoreBackup(bench.deps(target), held.number, { replace: true })).toMatchObject({
      skipped: ['strangers'],
    })
    await target.rows(`create view of_others as select name from api_keys`)
    await expect(restoreBackup(bench.deps(target), number, { replace: true })).rejects.toMatchObject({
      code: 'CONFLICT',
      message: expect.stringContaining('view of_others depends on table api_keys'),
    })
  })

  it('of a newer version of Momentry is refused', async () => {
    const target = await bench.openDatabase()
    await target.rows(
      `insert into drizzle.__drizzle_migrations (hash, created_at) values ('of tomorrow', 9000000000000)`,
    )
    await expect(restoreBackup(bench.deps(target), number, { replace: true })).rejects.toMatchObject({
      code: 'SCHEMA_TOO_NEW',
      message: expect.stringContaining('the database is of schema version'),
    })
  })

  it('comes through where a process holds a row, and wants another that is gone', async () => {
    const target = await bench.openDatabase()
    const [secret = ''] = await target.makeKeys(1)
    const busy = new pg.Client({ connectionString: target.url })
    await busy.connect()
    await busy.query('begin; select 1 from api_key_audit_log limit 1')
    const restored = restoreBackup(bench.deps(target), number, { replace: true })
    const waits = () =>
      source.rows(
        `select 1 from pg_locks l join pg_database d on d.oid = l.database where not granted and d.datname = '${new URL(target.url).pathname.slice(1)}'`,
      )
    await expect.poll(waits).toHaveLength(1)
    // One of the two has to give way, and the restore begins anew where it is that one.
    await busy.query('select 1 from api_keys limit 1').catch(() => undefined)
    await busy.end()
    expect(await restored).toMatchObject({ number })
    expect(await target.known([secret, rotated.oldSecret])).toBe(1)
  })
})

it('every table of a fresh database is known to be ours', async () => {
  const known = migratedTables()
  expect((await tablesOf(source)).filter((name) => !known.has(name))).toEqual([])
})

it('while a backup is made, nothing that it sees can be dropped', async () => {
  const { storage } = bench.deps(source)
  const dropped: unknown[] = []
  const write: typeof storage.write = async (path, from) => {
    if (path.includes('api_idempotency'))
      dropped.push(
        await runSql(source.url, `set lock_timeout = '50ms'; truncate api_key_usage`).catch(
          (error: Error) => error.message,
        ),
      )
    await storage.write(path, from)
  }
  await createBackup({ ...bench.deps(source), storage: { ...storage, write } }, { reason: null })
  expect(dropped).toEqual([expect.stringContaining('lock timeout')])
})
