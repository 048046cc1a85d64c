import { createServer } from 'node:http'
import { decodeEntry } from '@momentry/shared/usage/entry.ts'
import { afterAll, beforeAll, describe, expect, it } from 'vitest'
import { createBootstrapKey } from '../../support/bootstrap-key.ts'
import { startProcess } from '../../support/processes/processes.ts'
import { createTestStores, type TestStores } from '../../support/stores.ts'
import { createWorkbench, partitions } from '../../support/workbench.ts'
import { createClient } from '../client.ts'

let stores: TestStores
beforeAll(async () => {
  stores = await createTestStores()
})
afterAll(() => stores.close())

const failure = (env: Record<string, string>) =>
  startProcess('api', env).then(
    () => 'started',
    (error: Error) => error.message,
  )

describe('the api process', () => {
  it.each([
    ['PORT', { PORT: 'abc' }],
    ['TRUSTED_PROXIES', { TRUSTED_PROXIES: '10.0.0.0/99' }],
    ['MOMENTRY_MASTER_KEY', { MOMENTRY_MASTER_KEY: '' }],
    ['DATABASE_URL', { DATABASE_URL: '' }],
    ['REDIS_URL', { REDIS_URL: 'http://x' }],
  ])('ends with one line that names %s where that is wrong', async (name, change) => {
    const [first, line, ...more] = (await failure({ ...stores.env, ...change })).trim().split('\n')
    expect(first).toContain('ended with 1')
    expect(line).toMatch(new RegExp(`^momentry api: ${name}: `))
    expect(more).toEqual([])
  })

  it('ends with one line where its port is taken', async () => {
    const server = createServer()
    await new Promise<void>((done) => server.listen(0, '127.0.0.1', done))
    const address = server.address()
    const port = typeof address === 'object' ? String(address?.port) : ''
    expect(await failure({ ...stores.env, PORT: port })).toContain('momentry api: its port is taken')
    await new Promise((done) => server.close(done))
  })

  it('drains at SIGTERM: what it answered stays true, and what it buffered is on the streams', async () => {
    const { key } = await createBootstrapKey(stores.databaseUrl)
    const api = await startProcess('api', stores.env)
    const call = createClient(api.url, key)
    const uses = Array.from({ length: 200 }, () => call('POST', '/v1/keys/validate', { body: { key } }))
    const answers = await Promise.all(uses)
    expect(await api.stop()).toBe(0)
    expect(answers.map((answer) => answer.status)).toEqual(Array(200).fill(200))
    const bench = await createWorkbench(stores.env)
    const entries = await Promise.all(
      Array.from({ length: partitions }, (_, p) => bench.redis.xrange(bench.names.usageStream(p), '-', '+')),
    )
    await bench.close()
    expect(entries.flat().flatMap(([, fields]) => decodeEntry(fields[1] ?? '')).length).toBe(200)
  })

  it('stops while a client keeps its connection open', async () => {
    const api = await startProcess('api', stores.env)
    await createClient(api.url)('GET', '/healthz')
    expect(await api.stop()).toBe(0)
  })
})
