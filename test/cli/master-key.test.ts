import { mkdtemp, readFile, rm, utimes, writeFile } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { afterAll, beforeAll, describe, expect, it } from 'vitest'
import { createClient, makeKey } from '../api/client.ts'
import { createRequests, keyOf } from '../rotation/support.ts'
import { createBootstrapKey } from '../support/bootstrap-key.ts'
import { startProcess, type TestProcess } from '../support/processes/processes.ts'
import { createTestStores, type TestStores } from '../support/stores.ts'
import { callCli } from './support/call-cli.ts'

/** Momentry under some master keys, until the work is done. */
async function under<T>(stores: TestStores, keys: string, work: (api: TestProcess) => Promise<T>): Promise<T> {
  const env = { ...stores.env, MOMENTRY_MASTER_KEY: keys }
  const processes = await Promise.all([startProcess('api', env), startProcess('worker', env)])
  try {
    return await work(processes[0])
  } finally {
    await Promise.all(processes.map((process) => process.stop()))
  }
}

describe('momentry master-key rotate', () => {
  let stores: TestStores
  let root: { key: string }
  let dataDir: string
  beforeAll(async () => {
    stores = await createTestStores()
    root = await createBootstrapKey(stores.databaseUrl)
    dataDir = await mkdtemp(join(tmpdir(), 'momentry-master-'))
  })
  afterAll(async () => {
    await stores.close()
    await rm(dataDir, { recursive: true })
  })

  it('replaces the key in two calls: what was sealed under the old one opens under the new one alone', async () => {
    const first = stores.masterKey
    const create = { body: { type: 'service', name: 'kept' }, headers: { 'idempotency-key': 'once' } }
    const made = await under(stores, first, async (api) => {
      const call = createClient(api.url, root.key)
      const { id, key } = await makeKey(call)
      const rotation = await createRequests(call).rotate(id)
      return { key, rotation, answer: (await call('POST', '/v1/keys', create)).body }
    })

    const file = join(dataDir, 'master.key')
    await writeFile(file, `${first}\n`)
    const env = { MOMENTRY_DATA_DIR: dataDir, DATABASE_URL: stores.databaseUrl }
    const added = await callCli(['master-key', 'rotate'], env)
    expect(added, added.stderr).toMatchObject({ code: 0 })
    const both = (await readFile(file, 'utf8')).trim()
    expect(both).toMatch(new RegExp(`^[A-Za-z0-9+/]{43}=,${first.replace(/[+/]/g, '\\$&')}$`))
    expect(added.stdout + added.stderr).not.toContain(first)

    const second = await under(stores, both, async (api) => {
      const finished = await callCli(['master-key', 'rotate', '--json'], env)
      expect(finished, finished.stderr).toMatchObject({ code: 0 })
      expect(JSON.parse(finished.stdout)).toEqual({ step: 'finished', resealed: 2 })
      // Whoever still has both goes on.
      expect((await createClient(api.url, root.key)('POST', '/v1/keys', create)).body).toEqual(made.answer)
      return (await readFile(file, 'utf8')).trim()
    })
    expect(both).toBe(`${second},${first}`)

    await under(stores, second, async (api) => {
      expect((await createClient(api.url, root.key)('POST', '/v1/keys', create)).body).toEqual(made.answer)
      const successor = keyOf(await createClient(api.url, made.key)('POST', '/v1/keys/self/claim'))
      const verdict = await createClient(api.url)('POST', '/v1/keys/validate', { body: { key: successor } })
      expect(verdict.body).toMatchObject({ valid: true, secretVersion: 2 })
    })
  })

  it('keeps the old keys where something opens under none of them, and says so', async () => {
    const other = Buffer.alloc(32, 7).toString('base64')
    const another = Buffer.alloc(32, 8).toString('base64')
    const env = { MOMENTRY_DATA_DIR: dataDir, DATABASE_URL: stores.databaseUrl }
    await writeFile(join(dataDir, 'master.key'), `${other},${another}\n`)
    const refused = await callCli(['master-key', 'rotate'], env)
    expect(refused.code).toBe(1)
    expect(refused.stderr).toMatch(/open under none of the master keys/)
    expect((await readFile(join(dataDir, 'master.key'), 'utf8')).trim()).toBe(`${other},${another}`)
  })

  it('waits for a launcher that still has the old key alone', async () => {
    await writeFile(join(dataDir, 'launcher.pid'), `${process.pid}\n`)
    await utimes(join(dataDir, 'launcher.pid'), 1, 1)
    const refused = await callCli(['master-key', 'rotate'], {
      MOMENTRY_DATA_DIR: dataDir,
      DATABASE_URL: stores.databaseUrl,
    })
    expect(refused).toMatchObject({ code: 1, stdout: '' })
    expect(refused.stderr).toMatch(/start it again/)
  })

  it('prints what to set where the environment gives the key', async () => {
    const printed = await callCli(['master-key', 'rotate'], { MOMENTRY_MASTER_KEY: stores.masterKey })
    expect(printed.stdout.trim()).toMatch(/^MOMENTRY_MASTER_KEY=[A-Za-z0-9+/]{43}=,/)
  })
})
