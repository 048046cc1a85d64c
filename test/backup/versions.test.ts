import { writeFile } from 'node:fs/promises'
import { join } from 'node:path'
import { createBackup } from '@momentry/shared/backup/create.ts'
import { listBackups } from '@momentry/shared/backup/list.ts'
import { migrateWithin } from '@momentry/shared/backup/restore/schema.ts'
import { restoreBackup } from '@momentry/shared/backup/restore.ts'
import { verifyBackup } from '@momentry/shared/backup/verify.ts'
import { makeSecret } from '@momentry/shared/keys/secret.ts'
import { createId } from '@momentry/shared/platform/id.ts'
import pg from 'pg'
import { afterAll, beforeAll, describe, expect, it } from 'vitest'
import { runSql } from '../support/servers/database.ts'
import { type BackupBench, createBackupBench, type TestDatabase } from './support.ts'

/** The schema of the third stage, before limits, days of the audit log and months of usage. */
const oldVersion = 3

let bench: BackupBench
let old: TestDatabase
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
  await client.query(`insert into api_key_audit_log (seq, at, action, request_id, previous_hash, hash)
    values (1, '2026-01-05T12:00:00Z', 'key.created', 'old', sha256('a'), sha256('b'))`)
  await client.end()
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
    expect(await target.rows('select count(*)::int as rows from api_key_audit_heads')).toEqual([{ rows: 1 }])
    expect(await target.known(await target.makeKeys(1))).toBe(1)
  })
})

describe('a document of format 1', () => {
  const path = () => join(bench.folder, '000500.json')
  const document = async (schemaVersion: number) => ({
    format: 1,
    createdAt: '2026-01-05T12:00:00.000Z',
    schemaVersion,
    tables: {
      api_keys: await old.rows('select to_jsonb(t) as row from api_keys t').then((rows) => rows.map(({ row }) => row)),
      api_key_secrets: await old
        .rows('select to_jsonb(t) as row from api_key_secrets t')
        .then((rows) => rows.map(({ row }) => row)),
    },
  })

  it('is listed, and restored as it was, in the schema of today', async () => {
    await writeFile(path(), JSON.stringify(await document(oldVersion)))
    const { backups } = await listBackups(bench.deps(old))
    expect(backups).toMatchObject([{ number: 500, format: 1, schemaVersion: oldVersion, rows: 2 }, { number: 1 }])
    expect(await verifyBackup(bench.deps(old), 500)).toMatchObject({ valid: true })
    const target = await bench.openDatabase()
    await restoreBackup(bench.deps(target), 500, { replace: false })
    expect(await target.known([secret])).toBe(1)
    expect((await createBackup(bench.deps(target), { reason: 'upgraded' })).number).toBe(501)
  })

  it('of a newer schema is refused, and one that is none changes nothing', async () => {
    const target = await bench.openDatabase()
    await writeFile(path(), JSON.stringify(await document(1_000)))
    await expect(restoreBackup(bench.deps(target), 500, { replace: true })).rejects.toMatchObject({
      code: 'SCHEMA_TOO_NEW',
      message: expect.stringContaining('newer'),
    })
    await writeFile(path(), '{"format": 1')
    await expect(restoreBackup(bench.deps(target), 500, { replace: true })).rejects.toMatchObject({
      code: 'BACKUP_DAMAGED',
    })
    await writeFile(path(), JSON.stringify({ ...(await document(oldVersion)), tables: { strangers: [{ id: 1 }] } }))
    await expect(restoreBackup(bench.deps(target), 500, { replace: true })).rejects.toMatchObject({
      code: 'BACKUP_DAMAGED',
    })
    expect(await target.known(await target.makeKeys(1))).toBe(1)
  })
})
