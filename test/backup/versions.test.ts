import { readFile, writeFile } from 'node:fs/promises'
import { join } from 'node:path'
import { chainHash, emptyChain } from '@momentry/shared/audit/chain.ts'
import { verifyAudit } from '@momentry/shared/audit/verify.ts'
import { createBackup } from '@momentry/shared/backup/create.ts'
import { listBackups } from '@momentry/shared/backup/list.ts'
import { knownSchemaVersion, migrateWithin } from '@momentry/shared/backup/restore/schema.ts'
import { restoreBackup } from '@momentry/shared/backup/restore.ts'
import { verifyBackup } from '@momentry/shared/backup/verify.ts'
import { makeSecret } from '@momentry/shared/keys/secret.ts'
import { createId } from '@momentry/shared/platform/id.ts'
import pg from 'pg'
import { afterAll, beforeAll, describe, expect, it } from 'vitest'
import { runSql } from '../support/servers/database.ts'
import { createTestSigner } from '../support/signer.ts'
import { fillEveryTable } from './fill.ts'
import { type BackupBench, createBackupBench, type TestDatabase } from './support.ts'

/** The schema of the third stage, before limits, days of the audit log and months of usage. */
const oldVersion = 3

let bench: BackupBench
let old: TestDatabase
/** A database with something in it, which has to stay. */
let survivor: TestDatabase
let survivors: string[]
const { secret, digest, hint } = makeSecret('service')
const keyId = createId()
beforeAll(async () => {
  bench = await createBackupBench()
  old = await bench.openDatabase()
  // The database of another release: everything of this one is dropped, and as many migrations are run as that had.
  await runSql(
    old.url,
    'drop schema public cascade; drop schema drizzle cascade; create schema public; create extension pg_trgm',
  )
  const client = new pg.Client({ connectionString: old.url })
  await client.connect()
  await migrateWithin(client, 0, oldVersion)
  await client.query(
    `insert into api_keys (id, type, name, scopes, created_at, updated_at) values ($1, 'service', 'old', '{}', now(), now())`,
    [keyId],
  )
  await client.query(
    'insert into api_key_secrets (key_id, version, digest, hint, created_at) values ($1, 1, $2, $3, now())',
    [keyId, digest, hint],
  )
  let head = emptyChain
  for (const [at, time] of [
    '2026-01-05T12:00:00.000000Z',
    '2026-01-05T23:00:00.000000Z',
    '2026-01-07T00:00:00.000000Z',
  ].entries()) {
    const content = {
      ...{ seq: at + 1, at: time, action: 'key.created', keyId, actorKeyId: null, address: null },
      ...{ requestId: 'old', reason: null, before: null, after: { name: 'old' } },
    }
    const hash = chainHash(head.hash, content)
    await client.query(
      `insert into api_key_audit_log (seq, at, action, key_id, request_id, after, previous_hash, hash)
       values ($1, $2, 'key.created', $3, 'old', '{"name": "old"}', $4, $5)`,
      [at + 1, time, keyId, head.hash, hash],
    )
    head = { seq: at + 1, hash }
  }
  await client.end()
  survivor = await bench.openDatabase()
  survivors = await survivor.makeKeys(1)
})
afterAll(() => bench.close())

describe('a backup of an older schema', () => {
  it('is restored and migrated', async () => {
    const { number, schemaVersion } = await createBackup(bench.deps(old), { reason: null })
    expect(schemaVersion).toBe(oldVersion)
    const target = await bench.openDatabase()
    await target.makeKeys(1)
    expect(await restoreBackup(bench.deps(target), number, { replace: true })).toMatchObject({
      migratedFrom: oldVersion,
    })
    expect(await target.known([secret])).toBe(1)
    expect(await target.rows('select count(*)::int as rows from api_key_audit_heads')).toEqual([{ rows: 2 }])
    expect(await target.known(await target.makeKeys(1))).toBe(1)
    expect(await verifyAudit(target.postgres.db, { signer: createTestSigner() })).toMatchObject({
      valid: true,
      rows: 4,
    })
  })
})

describe('a document of format 1', () => {
  const path = () => join(bench.folder, '000500.json')
  const write = (document: object) => writeFile(path(), JSON.stringify(document))
  const head = { format: 1, createdAt: '2026-01-05T14:00:00+02:00', schemaVersion: oldVersion }
  const key = { id: keyId, type: 'service', name: 'old', scopes: ['a:read'], created_at: head.createdAt }
  const secretRow = {
    key_id: keyId,
    version: 1,
    digest: `\\x${digest.toString('hex')}`,
    hint,
    created_at: head.createdAt,
  }
  const tables = { api_key_secrets: [secretRow], api_keys: [{ ...key, updated_at: head.createdAt }] }

  it('is listed, and restored as it was, in the schema of today', async () => {
    await write({ ...head, tables })
    const { backups } = await listBackups(bench.deps(old))
    expect(backups).toMatchObject([
      { number: 500, format: 1, schemaVersion: oldVersion, rows: 2, createdAt: '2026-01-05T12:00:00.000Z' },
      { number: 1 },
    ])
    expect(await verifyBackup(bench.deps(old), 500)).toMatchObject({ valid: true })
    const target = await bench.openDatabase()
    expect(await restoreBackup(bench.deps(target), 500, { replace: false })).toEqual({
      ...{ number: 500, rows: 2, migratedFrom: oldVersion, skipped: [] },
    })
    expect(await target.known([secret])).toBe(1)
    // What a row does not say has its default.
    expect(await target.rows('select enabled, metadata from api_keys')).toEqual([{ enabled: true, metadata: {} }])
    expect((await createBackup(bench.deps(target), { reason: 'upgraded' })).number).toBe(501)
  })

  it('anywhere, of all tables of the schema of today, gives each row of each of them', async () => {
    const source = await bench.openDatabase()
    await fillEveryTable(source)
    await source.rows('update api_key_usage set requests = 9007199254740993')
    const names = (await createBackup(bench.deps(source), { reason: null })).tables.map((table) => table.name)
    const text = (from: TestDatabase, name: string) =>
      from.rows(`select to_jsonb(t)::text as row from ${name} t order by 1`).then((rows) => rows.map(({ row }) => row))
    const parts = await Promise.all(names.map(async (name) => `"${name}": [${(await text(source, name)).join(',\n')}]`))
    const file = join(bench.folder, 'anywhere.json')
    const schemaVersion = knownSchemaVersion()
    await writeFile(file, `{"tables": {${parts.join(', ')}}, ${JSON.stringify({ ...head, schemaVersion }).slice(1)}`)
    const target = await bench.openDatabase()
    expect(await restoreBackup(bench.deps(target), { file }, { replace: false })).toMatchObject({ number: null })
    for (const name of names) expect(await text(target, name)).toEqual(expect.arrayContaining(await text(source, name)))
    expect(await verifyAudit(target.postgres.db, { signer: createTestSigner() })).toMatchObject({ valid: true })
    expect(await target.known(await target.makeKeys(1))).toBe(1)
  })

  it('is as the documentation shows it', async () => {
    const docs = await readFile(new URL('../../docs/backups.md', import.meta.url), 'utf8')
    const file = join(bench.folder, 'example.json')
    await writeFile(file, /```json\n(.*?)```/s.exec(docs)?.[1] ?? '')
    const target = await bench.openDatabase()
    expect(await restoreBackup(bench.deps(target), { file }, { replace: false })).toMatchObject({ rows: 2 })
  })

  const [first] = tables.api_keys
  it.each([
    ['newer', 'SCHEMA_TOO_NEW', { ...head, schemaVersion: 1_000, tables }, 'newer'],
    ['of another format', 'BACKUP_DAMAGED', { ...head, format: 3, tables }, 'no document of format 1'],
    ['with a strange table', 'BACKUP_DAMAGED', { ...head, tables: { strangers: [{}] } }, 'no table strangers'],
    ['with a strange column', 'BACKUP_DAMAGED', { ...head, tables: { api_keys: [{ ...first, colour: 1 }] } }, 'colour'],
    ['with a row that is none', 'BACKUP_DAMAGED', { ...head, tables: { api_keys: [first, 5] } }, 'no document'],
    ['without a value that has to be there', 'BACKUP_DAMAGED', { ...head, tables: { api_keys: [key] } }, 'updated_at'],
    [
      'with a value of another type',
      'BACKUP_DAMAGED',
      { ...head, tables: { api_keys: [{ ...first, id: 'x-1' }] } },
      '22P02',
    ],
    ['with a key twice', 'BACKUP_DAMAGED', { ...head, tables: { api_keys: [first, first] } }, 'api_keys_pkey'],
    ['without its keys', 'BACKUP_DAMAGED', { ...head, tables: { api_key_secrets: [secretRow] } }, 'api_key_secrets'],
  ])('that is %s changes nothing', async (_, code, document, message) => {
    const file = join(bench.folder, 'refused.json')
    await writeFile(file, JSON.stringify(document))
    const failure = await restoreBackup(bench.deps(survivor), { file }, { replace: true }).catch((error) => error)
    expect(failure).toMatchObject({ code, message: expect.stringContaining(message) })
    // A value may be something that nobody should read in a log.
    expect(failure.message).not.toMatch(/x-1|\\x/)
    expect(await survivor.known(survivors)).toBe(1)
  })

  it('that is cut off is damaged, and a path to nothing is none', async () => {
    await writeFile(path(), JSON.stringify({ ...head, tables }).slice(0, -20))
    const { damaged } = await listBackups(bench.deps(old))
    expect(damaged).toEqual([{ number: 500, reason: '000500.json: it is no document of format 1' }])
    const file = join(bench.folder, 'nothing.json')
    await expect(restoreBackup(bench.deps(survivor), { file }, { replace: true })).rejects.toMatchObject({
      code: 'BACKUP_NOT_FOUND',
    })
  })
})
