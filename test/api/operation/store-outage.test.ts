import { createPostgres, type Postgres } from '@momentry/shared/platform/postgres/client.ts'
import { createLogger } from '@momentry/shared/platform/process/log.ts'
import { createOutcomeCounter } from '@momentry/shared/validations/count.ts'
import { afterAll, beforeAll, expect, it } from 'vitest'
import { createBootstrapKey } from '../../support/bootstrap-key.ts'
import { startProcess, type TestProcess } from '../../support/processes/processes.ts'
import { createTestStores, type TestStores } from '../../support/stores.ts'
import { startTcpProxy, type TcpProxy } from '../../support/tcp-proxy.ts'
import { type Call, createClient } from '../client.ts'

let stores: TestStores
let toRedis: TcpProxy
let toPostgres: TcpProxy
let postgres: Postgres
let api: TestProcess
let call: Call
let keyId: string

/** The same server by way of a proxy. */
const throughProxy = async (url: string) => {
  const proxied = new URL(url)
  const proxy = await startTcpProxy(Number(proxied.port))
  proxied.hostname = '127.0.0.1'
  proxied.port = String(proxy.port)
  return { proxy, url: proxied.href }
}
const log = createLogger({ name: 'test', level: 'silent' })

beforeAll(async () => {
  stores = await createTestStores()
  const redis = await throughProxy(stores.redisUrl)
  const database = await throughProxy(stores.databaseUrl)
  ;[toRedis, toPostgres] = [redis.proxy, database.proxy]
  postgres = createPostgres({ url: database.url, poolSize: 2, applicationName: 'test', log })
  const root = await createBootstrapKey(stores.databaseUrl)
  keyId = root.keyId
  api = await startProcess('api', { ...stores.env, REDIS_URL: redis.url })
  call = createClient(api.url, root.key)
})
afterAll(async () => {
  await api.stop()
  await postgres.close()
  await Promise.all([toRedis.close(), toPostgres.close()])
  await stores.close()
})

it('while Redis is away the system tells so, and a key is told of by what Postgres knows', async () => {
  await expect
    .poll(async () => (await call('GET', '/v1/system')).body)
    .toMatchObject({ redis: { connected: true }, processes: [{ app: 'api' }] })
  toRedis.set({ kind: 'refuse' })
  toRedis.cut()
  const away = await call('GET', '/v1/system')
  expect(away).toMatchObject({
    status: 200,
    body: { redis: { connected: false, usedBytes: null }, processes: [], streams: [], postgres: { connected: true } },
  })
  const activity = await call('GET', `/v1/keys/${keyId}/activity`)
  expect(activity).toMatchObject({ status: 200, body: { habit: null, requestsLastHour: 0 } })
  toRedis.set({ kind: 'open' })
  // It says again that it lives, by itself.
  await expect
    .poll(async () => (await call('GET', '/v1/system')).body)
    .toMatchObject({ redis: { connected: true }, processes: [{ app: 'api', healthy: true }] })
})

it('outcomes of validations wait in memory while Postgres is away, and none is lost', async () => {
  const counter = createOutcomeCounter({ pool: postgres.pool, now: () => Date.UTC(2026, 0, 5, 12), log })
  toPostgres.set({ kind: 'refuse' })
  for (let n = 0; n < 5; n += 1) counter.count('VALID')
  await counter.close()
  counter.count('VALID')
  toPostgres.set({ kind: 'open' })
  await counter.close()
  const { rows } = await postgres.pool.query("SELECT count FROM validation_outcomes WHERE minute = '2026-01-05T12:00Z'")
  expect(rows).toEqual([{ count: '6' }])
})
