import { spawn } from 'node:child_process'
import { once } from 'node:events'
import { readdir, rm } from 'node:fs/promises'
import { join } from 'node:path'
import { createBackup } from '@momentry/shared/backup/create.ts'
import { listBackups } from '@momentry/shared/backup/list.ts'
import { restoreBackup } from '@momentry/shared/backup/restore.ts'
import { createDirectoryStorage } from '@momentry/shared/backup/storage/directory.ts'
import { folderOf } from '@momentry/shared/backup/storage/names.ts'
import type { BackupStorage } from '@momentry/shared/backup/storage/storage.ts'
import { verifyBackup } from '@momentry/shared/backup/verify.ts'
import { MomentryError } from '@momentry/shared/errors.ts'
import { afterAll, beforeAll, expect, inject, it } from 'vitest'
import { type BackupBench, createBackupBench, type TestDatabase } from './support.ts'

let bench: BackupBench
let source: TestDatabase
let storage: BackupStorage
beforeAll(async () => {
  bench = await createBackupBench()
  source = await bench.openDatabase()
  storage = createDirectoryStorage(bench.folder)
  await source.makeKeys(3)
  // More than the connection and every buffer on the way hold, and more than a few chunks.
  await source.rows(`insert into jobs (id, queue, name, state, data, max_attempts, created_at, updated_at)
    select gen_random_uuid(), 'q', 'n', 'completed', jsonb_build_object('text', (select string_agg(md5(n::text || i), '') from generate_series(1, 1000) i)), 1, now(), now()
    from generate_series(1, 250) n`)
})
afterAll(() => bench.close())

const atTheLargeOne = (path: string) => path.endsWith('/jobs.copy.zst.enc')

/** Tries to make a backup whose large table meets something; gives what it failed with, once it has left nothing behind. */
async function attempt(meet: BackupStorage['write'], signal?: AbortSignal): Promise<unknown> {
  const write: BackupStorage['write'] = (path, from) =>
    atTheLargeOne(path) ? meet(path, from) : storage.write(path, from)
  const deps = { ...bench.deps(source), storage: { ...storage, write }, signal }
  const failure: unknown = await createBackup(deps, { reason: null }).catch((error: unknown) => error)
  expect(await readdir(bench.folder)).toEqual([])
  const connections = `select 1 from pg_stat_activity where application_name = 'momentry-backup' and datname = current_database()`
  await expect.poll(() => source.rows(connections)).toEqual([])
  return failure
}

it('a storage that fails in the middle of a large table', async () => {
  const failure = await attempt(async (_path, from) => {
    for await (const piece of from) if (piece.length > 0) break
    throw new MomentryError('STORAGE_UNAVAILABLE', 'full')
  })
  expect(failure).toMatchObject({ code: 'STORAGE_UNAVAILABLE', message: 'full' })
})

it('a directory that fails in the middle', async () => {
  const failure = await attempt(async (path, from) => {
    await rm(join(bench.folder, folderOf(1)), { recursive: true })
    await storage.write(path, from)
  })
  expect(failure).toMatchObject({ code: 'STORAGE_UNAVAILABLE', message: expect.stringContaining('ENOENT') })
})

it('a database that goes away in the middle', async () => {
  const failure = await attempt(async (path, from) => {
    await source.rows(`select pg_terminate_backend(pid) from pg_stat_activity
      where application_name = 'momentry-backup' and datname = current_database()`)
    await storage.write(path, from)
  })
  expect(failure).toMatchObject({ code: 'DATABASE_UNAVAILABLE' })
})

it('somebody who calls it off', async () => {
  const controller = new AbortController()
  const failure = await attempt(async (path, from) => {
    controller.abort()
    await storage.write(path, from)
  }, controller.signal)
  expect(failure).toMatchObject({ name: 'AbortError' })
})

it('a database without tables', async () => {
  const empty = await bench.openDatabase()
  await empty.rows('drop schema drizzle cascade')
  await expect(createBackup(bench.deps(empty), { reason: null })).rejects.toMatchObject({ code: 'CONFLICT' })
})

it('kill -9: what is left is never a backup, and the next one is one', async () => {
  const script = `
    import { createBackup } from '@momentry/shared/backup/create.ts'
    import { createDirectoryStorage } from '@momentry/shared/backup/storage/directory.ts'
    const { DIRECTORY, DATABASE_URL, MASTER_KEY } = process.env
    const storage = createDirectoryStorage(DIRECTORY)
    const write = async (path, source) => {
      await storage.write(path, source)
      if (path.endsWith('/jobs.copy.zst.enc')) await new Promise((done) => process.stdout.write('written', done)).then(() => new Promise(() => setInterval(() => {}, 1000)))
    }
    await createBackup({ databaseUrl: DATABASE_URL, storage: { ...storage, write }, masterKeys: [MASTER_KEY], now: Date.now }, { reason: null })`
  const env = {
    ...{ PATH: process.env['PATH'], DIRECTORY: bench.folder },
    ...{ DATABASE_URL: source.url, MASTER_KEY: inject('masterKey') },
  }
  const child = spawn(process.execPath, ['--input-type=module', '--eval', script], {
    env,
    stdio: ['ignore', 'pipe', 'inherit'],
  })
  await once(child.stdout, 'data')
  child.kill('SIGKILL')
  await once(child, 'exit')
  expect(await readdir(join(bench.folder, folderOf(1)))).toContain('jobs.copy.zst.enc')
  expect(await listBackups(bench.deps(source))).toEqual({ backups: [], unfinished: [1], damaged: [] })
  await expect(restoreBackup(bench.deps(source), 1, { replace: true })).rejects.toMatchObject({
    code: 'BACKUP_NOT_FOUND',
    message: 'backup 1 was never finished',
  })
  expect(await createBackup(bench.deps(source), { reason: null })).toMatchObject({ number: 2, parent: null })
  expect(await verifyBackup(bench.deps(source), 2)).toMatchObject({ valid: true })
})

it('any number of them at once each get a number of their own', async () => {
  const small = await bench.openDatabase()
  const deps = bench.deps(small)
  const first = Math.max(...(await listBackups(deps)).backups.map(({ number }) => number)) + 1
  const made = await Promise.all(Array.from({ length: 4 }, () => createBackup(deps, { reason: null })))
  expect(made.map(({ number }) => number - first).sort()).toEqual([0, 1, 2, 3])
  for (const { number } of made) expect(await verifyBackup(deps, number)).toMatchObject({ valid: true })
})
