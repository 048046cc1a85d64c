import { randomBytes } from 'node:crypto'
import { mkdir, readdir, readFile, stat, truncate, writeFile } from 'node:fs/promises'
import { join } from 'node:path'
import { verifyAudit } from '@momentry/shared/audit/verify.ts'
import { createBackup } from '@momentry/shared/backup/create.ts'
import { diffBackups } from '@momentry/shared/backup/diff.ts'
import { listBackups, showBackup } from '@momentry/shared/backup/list.ts'
import { pruneBackups } from '@momentry/shared/backup/prune.ts'
import { restoreBackup } from '@momentry/shared/backup/restore.ts'
import { createDirectoryStorage } from '@momentry/shared/backup/storage/directory.ts'
import { claimName } from '@momentry/shared/backup/storage/names.ts'
import { verifyBackup } from '@momentry/shared/backup/verify.ts'
import fc from 'fast-check'
import { afterAll, beforeAll, describe, expect, it } from 'vitest'
import { createTestSigner } from '../support/signer.ts'
import { type BackupBench, createBackupBench, type TestDatabase } from './support.ts'

/** A sealed chunk: 64 KiB, and its tag. */
const chunkBytes = 65_552

let bench: BackupBench
let source: TestDatabase
let secrets: string[]
beforeAll(async () => {
  bench = await createBackupBench()
  source = await bench.openDatabase()
  secrets = await source.makeKeys(20)
  // A table of some chunks: what does not compress.
  await source.rows(`insert into jobs (id, queue, name, state, data, max_attempts, created_at, updated_at)
    select gen_random_uuid(), 'q', 'n', 'completed', jsonb_build_object('n', (select string_agg(md5(n::text || i), '') from generate_series(1, 50) i)), 1, now(), now()
    from generate_series(1, 200) n`)
  await createBackup(bench.deps(source), { reason: 'first' })
})
afterAll(() => bench.close())

const tables = ['api_keys', 'api_key_secrets', 'api_key_audit_log', 'api_key_audit_heads']
const contentOf = (database: TestDatabase) =>
  Promise.all(tables.map((table) => database.rows(`select t::text from ${table} t order by 1`)))

describe('a backup', () => {
  it('has a number, a manifest and a file a table, that nobody else can read', async () => {
    const { backups, unfinished, damaged } = await listBackups(bench.deps(source))
    expect([unfinished, damaged]).toEqual([[], []])
    expect(backups).toMatchObject([{ number: 1, format: 2, parent: null, reason: 'first' }])
    expect(backups[0]?.tables).toEqual(
      expect.arrayContaining([
        { name: 'api_keys', rows: 20, bytes: expect.any(Number), sha256: expect.stringMatching(/^[0-9a-f]{64}$/) },
      ]),
    )
    const files = await readdir(join(bench.folder, '000001'))
    expect(files).toContain('api_keys.copy.zst.enc')
    expect((await stat(join(bench.folder, '000001'))).mode & 0o777).toBe(0o700)
    expect((await stat(join(bench.folder, '000001', 'api_keys.copy.zst.enc'))).mode & 0o777).toBe(0o600)
    for (const file of files) {
      const text = await readFile(join(bench.folder, '000001', file), 'latin1')
      expect(text).not.toMatch(/mty_|a:read/)
    }
  })

  it('is made of one moment, while others write', async () => {
    let writing = true
    const writer = (async () => {
      while (writing) secrets.push(...(await source.makeKeys(1)))
    })()
    const info = await createBackup(bench.deps(source), { reason: null })
    writing = false
    await writer
    const rows = (name: string) => info.tables.find((table) => table.name === name)?.rows
    expect(info).toMatchObject({ number: 2, parent: 1 })
    expect([rows('api_key_secrets'), rows('api_key_audit_log')]).toEqual([rows('api_keys'), rows('api_keys')])
    expect(await verifyBackup(bench.deps(source), 2)).toEqual({ number: 2, valid: true, problems: [] })
  })

  it('is restored into an empty database, where everything validates as before, the audit log included', async () => {
    const target = await bench.openDatabase()
    const { number } = await createBackup(bench.deps(source), { reason: null })
    expect(await restoreBackup(bench.deps(target), number, { replace: false })).toMatchObject({
      number,
      migratedFrom: null,
    })
    expect(await target.known(secrets)).toBe(secrets.length)
    expect(await contentOf(target)).toEqual(await contentOf(source))
    expect(await verifyAudit(target.postgres.db, { signer: createTestSigner() })).toMatchObject({ valid: true })
    // And goes on from there.
    expect(await target.known(await target.makeKeys(3))).toBe(3)
    expect(await verifyAudit(target.postgres.db, { signer: createTestSigner() })).toMatchObject({ valid: true })
    expect(await target.rows('select key_id from api_key_changes order by id limit 1')).toHaveLength(1)
  })

  it('replaces what is there only where that is asked for', async () => {
    const target = await bench.openDatabase()
    const own = await target.makeKeys(2)
    await expect(restoreBackup(bench.deps(target), 1, { replace: false })).rejects.toMatchObject({ code: 'CONFLICT' })
    expect(await target.known(own)).toBe(2)
    await restoreBackup(bench.deps(target), 1, { replace: true })
    expect([await target.known(own), await target.known(secrets.slice(0, 20))]).toEqual([0, 20])
  })

  it('is told from another by what was added, removed and changed', async () => {
    const target = await bench.openDatabase()
    await restoreBackup(bench.deps(target), 1, { replace: false })
    const before = await createBackup(bench.deps(target), { reason: null })
    await target.makeKeys(2)
    await target.rows(`update api_keys set name = 'other' where id = (select min(id::text)::uuid from api_keys)`)
    const after = await createBackup(bench.deps(target), { reason: null })
    const diffs = await diffBackups(bench.deps(target), before.number, after.number)
    const of = (name: string) => diffs.find((diff) => diff.name === name)
    expect(of('api_keys')).toMatchObject({ rowsBefore: 20, rowsAfter: 22, added: 2, removed: 0, changed: 1 })
    expect(of('api_keys')?.samples).toHaveLength(3)
    expect(of('api_key_secrets')).toMatchObject({ added: 2, removed: 0, changed: 0 })
    expect(JSON.stringify(diffs)).not.toMatch(/\\\\x/)
  })
})

describe('a damaged backup', () => {
  const file = (name: string) => join(bench.folder, '000001', name)
  const names = () => readdir(join(bench.folder, '000001'))

  it('is found out by any flipped bit, in each part of each file, and the file is named', async () => {
    const check = async (name: string, whole: Buffer, at: number, bit: number) => {
      const changed = Buffer.from(whole)
      changed[at] = (changed[at] ?? 0) ^ (1 << bit)
      await writeFile(file(name), changed)
      const { valid, problems } = await verifyBackup(bench.deps(source), 1)
      expect([valid, problems.map((problem) => problem.file)], `byte ${at} of ${name}`).toEqual([false, [name]])
    }
    for (const name of (await names()).filter((each) => each !== claimName)) {
      const whole = await readFile(file(name))
      const random = fc.sample(fc.nat(whole.length - 1), 1)
      // The first bytes, those where one chunk ends (its tag) and the next one begins, and the last tag.
      const edges = [chunkBytes, 2 * chunkBytes].flatMap((end) => [end - 17, end - 16, end - 1, end])
      const places = new Set([0, ...edges, whole.length - 17, whole.length - 16, whole.length - 1, ...random])
      for (const at of [...places].filter((place) => place >= 0 && place < whole.length))
        await check(name, whole, at, at % 8)
      await writeFile(file(name), whole)
    }
    expect(await verifyBackup(bench.deps(source), 1)).toMatchObject({ valid: true })
    expect((await readFile(file('jobs.copy.zst.enc'))).length).toBeGreaterThan(2 * chunkBytes)
    await writeFile(file(claimName), 'x')
    expect((await verifyBackup(bench.deps(source), 1)).problems.map((problem) => problem.file)).toEqual([claimName])
    await truncate(file(claimName))
  })

  it('is found out where a file was cut, swapped, put in or is gone', async () => {
    const [one, other] = [
      await readFile(file('api_keys.copy.zst.enc')),
      await readFile(file('api_key_secrets.copy.zst.enc')),
    ]
    const problems = async () => (await verifyBackup(bench.deps(source), 1)).problems.map((problem) => problem.file)
    await truncate(file('api_keys.copy.zst.enc'), one.length - 1)
    expect(await problems()).toEqual(['api_keys.copy.zst.enc'])
    await writeFile(file('api_keys.copy.zst.enc'), other)
    expect(await problems()).toEqual(['api_keys.copy.zst.enc'])
    await writeFile(file('api_keys.copy.zst.enc'), one)
    const storage = createDirectoryStorage(bench.folder)
    await writeFile(file('stranger'), 'x')
    expect(await problems()).toEqual(['stranger'])
    await storage.remove('000001/stranger')
    await storage.remove('000001/api_keys.copy.zst.enc')
    expect(await problems()).toEqual(['api_keys.copy.zst.enc'])
    await writeFile(file('api_keys.copy.zst.enc'), one)
    expect(await problems()).toEqual([])
  })

  it('changes nothing where it is restored, though only its last table is damaged', async () => {
    const target = await bench.openDatabase()
    const own = await target.makeKeys(2)
    const before = await contentOf(target)
    const { tables: stored } = await showBackup(bench.deps(source), 1)
    const last = file(`${stored.at(-1)?.name}.copy.zst.enc`)
    const whole = await readFile(last)
    await writeFile(last, Buffer.concat([whole.subarray(0, -1), Buffer.from([(whole.at(-1) ?? 0) ^ 1])]))
    await expect(restoreBackup(bench.deps(target), 1, { replace: true })).rejects.toMatchObject({
      code: 'BACKUP_DAMAGED',
      message: expect.stringContaining(`${stored.at(-1)?.name}.copy.zst.enc`),
    })
    await writeFile(last, whole)
    expect(await target.known(own)).toBe(2)
    expect(await contentOf(target)).toEqual(before)
  })

  it('and one of another master key is listed as such, and not restored', async () => {
    const deps = { ...bench.deps(source), masterKeys: [randomBytes(32).toString('base64')] as [string] }
    const { backups, damaged } = await listBackups(deps)
    expect(backups).toEqual([])
    expect(damaged[0]?.reason).toContain('another master key')
    await expect(restoreBackup(deps, 1, { replace: true })).rejects.toMatchObject({ code: 'BACKUP_DAMAGED' })
  })

  it('is none of what was never finished: that is not listed, not restored, and removed once it is old', async () => {
    await mkdir(join(bench.folder, '000900'))
    await writeFile(join(bench.folder, '000900', 'api_keys.copy.zst.enc'), 'half')
    const list = await listBackups(bench.deps(source))
    expect([list.unfinished, list.backups.some(({ number }) => number === 900)]).toEqual([[900], false])
    await expect(restoreBackup(bench.deps(source), 900, { replace: true })).rejects.toMatchObject({
      code: 'BACKUP_NOT_FOUND',
    })
    const keep = { daily: 100, weekly: 0 }
    expect((await pruneBackups(bench.deps(source), keep, { dryRun: false })).abandoned).toEqual([])
    const later = { ...bench.deps(source), now: () => Date.now() + 90_000_000 }
    expect(await pruneBackups(later, keep, { dryRun: false })).toMatchObject({ abandoned: [900] })
    expect((await listBackups(bench.deps(source))).unfinished).toEqual([])
  })
})
