import { afterAll, beforeAll, describe, expect, it } from 'vitest'
import { createClient, makeKey } from '../api/client.ts'
import { createBootstrapKey } from '../support/bootstrap-key.ts'
import { startProcess, type TestProcess } from '../support/processes/processes.ts'
import { startPrivateRedis } from '../support/servers/private-servers.ts'
import type { TestServer } from '../support/servers/test-server.ts'
import { createTestStores, type TestStores } from '../support/stores.ts'
import { untilHolds } from '../support/until-holds.ts'
import { createWorkbench, type Workbench } from '../support/workbench.ts'

/** A Redis that evicts nothing refuses writes when its memory is full: the reporter must then keep its events. */
describe('Redis at the end of its memory', () => {
  let redis: TestServer
  let stores: TestStores
  let bench: Workbench
  let processes: TestProcess[]

  beforeAll(async () => {
    redis = await startPrivateRedis()
    stores = await createTestStores()
    const env = { ...stores.env, REDIS_URL: redis.url }
    bench = await createWorkbench(env)
    processes = await Promise.all([startProcess('api', env), startProcess('worker', env)])
  })
  afterAll(async () => {
    await Promise.all(processes.map((process) => process.stop()))
    await bench.close()
    await stores.close()
    await redis.close()
  })

  it('refuses usage with 503 and goes on validating, and all goes on when there is room again', async () => {
    const { key } = await createBootstrapKey(stores.databaseUrl)
    const call = createClient(processes[0]?.url, key)
    const made = await makeKey(call)
    const report = () => call('POST', '/v1/usage', { body: { events: [{ keyId: made.id, status: 200 }] } })
    expect((await report()).status).toBe(202)

    await bench.redis.config('SET', 'maxmemory', '1mb')
    const refused = await report()
    expect(refused).toMatchObject({ status: 503, body: { code: 'REDIS_UNAVAILABLE' } })
    expect(refused.headers.get('retry-after')).toBe('1')
    expect((await call('POST', '/v1/keys/validate', { body: { key: made.key } })).body).toMatchObject({ code: 'VALID' })

    await bench.redis.config('SET', 'maxmemory', '0')
    expect((await report()).status).toBe(202)
    // Two reports, and the use that the validation recorded, which waited in the api's buffer.
    await untilHolds(async () => expect(await bench.totals()).toMatchObject({ requests: 3 }))
  })
})
