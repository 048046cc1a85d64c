import { mkdtemp, rm, writeFile } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { afterAll, beforeAll, expect, it } from 'vitest'
import { z } from 'zod'
import { type Call, codeOf, createClient, makeKey } from '../api/client.ts'
import { callCli } from './support/call-cli.ts'
import { createInstallation, type Installation } from './support/installation.ts'

let folder: string
let t: Installation
let call: Call
let cliEnv: Record<string, string>
beforeAll(async () => {
  folder = await mkdtemp(join(tmpdir(), 'momentry-backups-'))
  t = await createInstallation(['worker'], { BACKUP_DIR: folder, BACKUP_SCHEDULE: 'off' })
  call = createClient(t.url, t.secret)
  const { DATABASE_URL = '', MOMENTRY_MASTER_KEY = '' } = t.stores.env
  cliEnv = { ...t.cliEnv, BACKUP_DIR: folder, DATABASE_URL, MOMENTRY_MASTER_KEY }
})
afterAll(async () => {
  await t.close()
  await rm(folder, { recursive: true })
})

const queuedSchema = z.object({ jobId: z.string(), status: z.literal('queued') })
const resultsSchema = z.object({
  data: z.array(z.object({ status: z.string(), output: z.looseObject({}).nullable() })),
})

/** Asks for work on backups, waits until the worker has done it, and gives its outcome. */
async function work(path: string, body?: object) {
  const answer = await call('POST', path, body && { body })
  expect(answer.status, answer.text).toBe(202)
  const { jobId } = queuedSchema.parse(answer.body)
  const state = async () => (await call('GET', `/v1/jobs/${jobId}`)).body
  await expect.poll(state).toMatchObject({ state: 'completed' })
  return resultsSchema.parse((await call('GET', `/v1/jobs/${jobId}/results`)).body).data[0]?.output
}
const validate = async (key: string) => codeOf(await call('POST', '/v1/keys/validate', { body: { key } }))

it('a backup by the API is listed, verified, compared and restored, and everything validates as it did', async () => {
  const { id, key } = await makeKey(call)
  const body = { reason: 'before' }
  expect(await work('/v1/backups', body)).toMatchObject({ number: 1 })
  expect((await call('GET', '/v1/backups')).body).toMatchObject({
    data: [{ number: 1, reason: 'before' }],
    storage: folder,
    unfinished: [],
    damaged: [],
  })
  expect((await call('GET', '/v1/backups/2')).status).toBe(404)
  expect(await work('/v1/backups/1/verify')).toEqual({ number: 1, valid: true, problems: [] })
  const later = await makeKey(call)
  await call('DELETE', `/v1/keys/${id}`)
  expect(await validate(key)).toBe('REVOKED')
  expect(await work('/v1/backups', {})).toMatchObject({ number: 2 })
  expect(await work('/v1/backups/1/diff/2')).toMatchObject({
    tables: expect.arrayContaining([expect.objectContaining({ name: 'api_keys', added: 1, changed: 1, removed: 0 })]),
  })

  const restore = (by: Call, confirm: number) =>
    by('POST', '/v1/backups/1/restore', { body: { replace: true, confirm } })
  const lesser = createClient(t.url, (await makeKey(call, { scopes: ['backups:write'] })).key)
  expect(codeOf(await restore(lesser, 1))).toBe('SCOPE_NOT_HELD')
  expect(codeOf(await restore(call, 2))).toBe('VALIDATION_FAILED')
  expect((await restore(call, 1)).status).toBe(202)
  // Every process hears that it has to look anew, the caches of good keys included.
  await expect.poll(() => validate(key)).toBe('VALID')
  await expect.poll(() => validate(later.key)).toBe('NOT_FOUND')
  const restored = async () => (await call('GET', '/v1/audit?action=backup.restored')).body
  await expect.poll(restored).toMatchObject({ data: [{ after: { number: 1, migratedFrom: null } }] })
  expect((await call('GET', '/v1/audit/verify')).body).toMatchObject({ valid: true })
  expect((await call('GET', '/v1/jobs?queue=backups&state=completed')).body).toMatchObject({
    data: [{ name: 'restore backup' }],
  })
})

it('momentry backup works without a server: makes, lists, checks, asks before it replaces, and puts back', async () => {
  const { key } = await makeKey(call)
  const created = await callCli(['backup', 'create', '--reason', 'by hand'], cliEnv)
  expect(created, created.stderr).toMatchObject({
    code: 0,
    stdout: expect.stringMatching(/^Backup 3: \d+ rows, [\d.]+ [kM]B/),
  })
  const listed = await callCli(['backup', 'list', '--json'], cliEnv)
  expect(JSON.parse(listed.stdout)).toMatchObject({ backups: [{ number: 3 }, { number: 2 }, { number: 1 }] })
  expect(await callCli(['backup', 'verify', '3'], cliEnv)).toMatchObject({
    code: 0,
    stdout: expect.stringContaining('whole'),
  })
  expect(await callCli(['backup', 'show', '9'], cliEnv)).toMatchObject({ code: 3 })
  expect(await callCli(['backup', 'restore', '3'], cliEnv)).toMatchObject({
    code: 1,
    stderr: expect.stringContaining('not empty'),
  })
  expect(await callCli(['backup', 'restore', '3', '--replace'], cliEnv)).toMatchObject({ code: 2 })
  const restored = await callCli(['backup', 'restore', '1', '--replace', '--yes'], cliEnv)
  expect(restored, restored.stderr).toMatchObject({ code: 0, stdout: expect.stringContaining('as backup 1 has it') })
  expect(restored.stderr).toMatch(/Still running on this database: .*worker \(/)
  await expect.poll(() => validate(key)).toBe('NOT_FOUND')
  const noted = (await call('GET', '/v1/audit?action=backup.restored')).body
  expect(noted).toMatchObject({ data: [{ after: { number: 1 }, requestId: 'momentry backup' }] })
  expect((await call('GET', '/v1/audit/verify')).body).toMatchObject({ valid: true })
})

it('a document of format 1 is restored from wherever it lies', async () => {
  const file = join(folder, 'old.json')
  const key = { id: '019a2b3c-4d5e-7f60-8a9b-0c1d2e3f4a5b', type: 'service', name: 'old', scopes: [], enabled: true }
  const at = '2026-01-05T12:00:00.000Z'
  const tables = { api_keys: [{ ...key, created_at: at, updated_at: at, metadata: {}, policy: {}, secret_version: 1 }] }
  await writeFile(file, JSON.stringify({ format: 1, createdAt: at, schemaVersion: 3, tables }))
  const restored = await callCli(['backup', 'restore', '--file', file, '--replace', '--yes', '--json'], cliEnv)
  expect(restored, restored.stderr).toMatchObject({ code: 0 })
  expect(JSON.parse(restored.stdout)).toMatchObject({ number: null, rows: 1, migratedFrom: 3 })
  expect(await callCli(['backup', 'restore', '1', '--file', file], cliEnv)).toMatchObject({ code: 2 })
})
