import { randomBytes } from 'node:crypto'
import { Readable } from 'node:stream'
import { buffer } from 'node:stream/consumers'
import { createBackup } from '@momentry/shared/backup/create.ts'
import { listBackups } from '@momentry/shared/backup/list.ts'
import { pruneBackups } from '@momentry/shared/backup/prune.ts'
import { restoreBackup } from '@momentry/shared/backup/restore.ts'
import { openBackupStorage } from '@momentry/shared/backup/storage/open.ts'
import type { BackupStorage } from '@momentry/shared/backup/storage/storage.ts'
import { verifyBackup } from '@momentry/shared/backup/verify.ts'
import { readConfig } from '@momentry/shared/config.ts'
import { afterAll, beforeAll, expect, it } from 'vitest'
import { type S3Server, startS3Server } from '../support/remote/s3/server.ts'
import { type BackupBench, createBackupBench, type TestDatabase } from './support.ts'

let s3: S3Server
let storage: BackupStorage
let bench: BackupBench
let source: TestDatabase
beforeAll(async () => {
  s3 = await startS3Server()
  const { backup } = readConfig({
    BACKUP_S3_BUCKET: 'backups',
    BACKUP_S3_PREFIX: 'momentry',
    BACKUP_S3_ENDPOINT: s3.url,
    BACKUP_S3_ACCESS_KEY_ID: 'id',
    BACKUP_S3_SECRET_ACCESS_KEY: 'secret',
  })
  storage = await openBackupStorage(backup)
  bench = await createBackupBench()
  source = await bench.openDatabase()
})
afterAll(async () => {
  await storage.close()
  await bench.close()
  await s3.close()
})

const deps = (database: TestDatabase) => ({ ...bench.deps(database), storage })

it('backups in a bucket are made, listed, verified, restored and pruned as in a directory', async () => {
  const secrets = await source.makeKeys(3)
  const made = await createBackup(deps(source), { reason: null })
  await createBackup(deps(source), { reason: null })
  expect((await listBackups(deps(source))).backups.map(({ number }) => number)).toEqual([2, 1])
  expect(await verifyBackup(deps(source), made.number)).toMatchObject({ valid: true, problems: [] })
  expect([...s3.objects.keys()].every((key) => key.startsWith('momentry/00000'))).toBe(true)
  const target = await bench.openDatabase()
  await restoreBackup(deps(target), made.number, { replace: false })
  expect(await target.known(secrets)).toBe(3)

  const key = 'momentry/000001/api_keys.copy.zst.enc'
  const whole = s3.objects.get(key) ?? Buffer.alloc(0)
  s3.objects.set(key, whole.subarray(0, -1))
  expect((await verifyBackup(deps(source), 1)).problems.map(({ file }) => file)).toEqual(['api_keys.copy.zst.enc'])
  expect(await pruneBackups(deps(source), { daily: 1, weekly: 0 }, { dryRun: false })).toMatchObject({ removed: [1] })
  expect([...s3.objects.keys()].filter((name) => name.includes('000001'))).toEqual([])
})

it('a number is taken once', async () => {
  expect(await Promise.all([storage.claim('000700'), storage.claim('000700')])).toEqual(
    expect.arrayContaining([true, false]),
  )
})

it('a large file goes up in parts, and comes back as it was', async () => {
  const bytes = randomBytes(20_000_000)
  const pieces = Array.from({ length: 200 }, (_, at) => bytes.subarray(at * 100_000, (at + 1) * 100_000))
  await storage.write('000800/large', Readable.from(pieces))
  expect(s3.multipart()).toBe(1)
  expect((await buffer(await storage.read('000800/large'))).equals(bytes)).toBe(true)
  await expect(storage.read('000800/none')).rejects.toMatchObject({ code: 'BACKUP_NOT_FOUND' })
})

it('a bucket that is busy for a moment, or cuts a connection, is asked again', async () => {
  s3.fail(503, 1)
  await storage.list()
  s3.cut('PUT', 1)
  await storage.write('000801/small', Readable.from([Buffer.from('text')]))
  const bytes = randomBytes(300_000)
  s3.objects.set('momentry/000801/large', bytes)
  s3.cut('GET', 3)
  expect((await buffer(await storage.read('000801/large'))).equals(bytes)).toBe(true)
  // But what came over two connections is never of two objects.
  s3.cut('GET', 1)
  const reading = await storage.read('000801/large')
  s3.objects.set('momentry/000801/large', randomBytes(300_000))
  await expect(buffer(reading)).rejects.toThrow()
})

it('a download that never comes to its end is no damage', async () => {
  const { number } = await createBackup(deps(source), { reason: null })
  const target = await bench.openDatabase()
  // The manifest comes whole, and then nothing does.
  const read: BackupStorage['read'] = (path) => {
    s3.cut('GET', path.endsWith('.json') ? 0 : 1_000)
    return storage.read(path)
  }
  const failing = { ...deps(target), storage: { ...storage, read } }
  const failure = { code: 'STORAGE_UNAVAILABLE', message: expect.stringContaining('.copy.zst.enc') }
  await expect(verifyBackup(failing, number)).rejects.toMatchObject(failure)
  await expect(restoreBackup(failing, number, { replace: false })).rejects.toMatchObject(failure)
  s3.cut('GET', 0)
  expect(await target.known(await target.makeKeys(1))).toBe(1)
  expect(await verifyBackup(deps(source), number)).toMatchObject({ valid: true })
})

it('an upload in parts that fails leaves no part behind', async () => {
  const parts = Array.from({ length: 20 }, () => randomBytes(1_000_000))
  async function* breaking() {
    yield* parts
    throw new Error('the source broke')
  }
  await expect(storage.write('000802/large', Readable.from(breaking(), { objectMode: false }))).rejects.toThrow(
    'the source broke',
  )
  expect([s3.unfinished(), s3.objects.has('momentry/000802/large')]).toEqual([0, false])
})

it('a bucket that fails is told as such, and leaves no backup behind', async () => {
  s3.fail(403, 1)
  await expect(storage.list()).rejects.toMatchObject({
    code: 'STORAGE_UNAVAILABLE',
    message: expect.stringContaining('403'),
  })
  const before = [...s3.objects.keys()]
  const failing = {
    ...storage,
    write: async (path: string, from: Readable) => {
      if (path.includes('api_keys')) s3.fail(403, 1)
      await storage.write(path, from)
    },
  }
  await expect(createBackup({ ...deps(source), storage: failing }, { reason: null })).rejects.toMatchObject({
    code: 'STORAGE_UNAVAILABLE',
  })
  expect([...s3.objects.keys()]).toEqual(before)
})
