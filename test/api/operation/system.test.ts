import { afterAll, beforeAll, describe, expect, it } from 'vitest'
import { z } from 'zod'
import { startProcess, type TestProcess } from '../../support/processes/processes.ts'
import { createWorkbench, type Workbench } from '../../support/workbench.ts'
import { type Harness, startHarness } from '../harness.ts'

let t: Harness
let bench: Workbench
let worker: TestProcess

beforeAll(async () => {
  t = await startHarness()
  ;[bench, worker] = await Promise.all([createWorkbench(t.stores.env), startProcess('worker', t.stores.env)])
})
afterAll(async () => {
  await worker.stop()
  await bench.close()
  await t.close()
})

const apps = async () => {
  const { body } = await t.asRoot('GET', '/v1/system')
  return { body, ...summary.parse(body) }
}
const summary = z.object({
  processes: z.array(z.object({ id: z.string(), app: z.string(), healthy: z.boolean() })),
  streams: z.array(z.looseObject({ name: z.string(), partition: z.int(), length: z.int(), lagSeconds: z.number() })),
})

describe('GET /v1/system', () => {
  it('lists the processes that live, the streams and the stores', async () => {
    await expect.poll(async () => (await apps()).processes.map(({ app }) => app)).toEqual(['api', 'worker'])
    const { body, streams } = await apps()
    expect(streams).toHaveLength(16)
    expect(body).toMatchObject({
      processes: [{ healthy: true, version: '0.1.0', pid: expect.any(Number), rssBytes: expect.any(Number) }, {}],
      totals: { usageLag: 0, anomalyLag: 0 },
      redis: { connected: true, usedBytes: expect.any(Number) },
      postgres: { connected: true, bytes: expect.any(Number) },
    })
  })

  it('tells what waits, and of a process that was heard of no more', async () => {
    const [seconds] = await bench.redis.time()
    const died = {
      ...{ app: 'alerter', pid: 1, host: 'gone', version: '0.0.1', startedAt: 0, cpu: null, rssBytes: 1 },
      seenAt: (Number(seconds) - 20) * 1000,
    }
    const old = { ...died, seenAt: (Number(seconds) - 400) * 1000 }
    await bench.redis.hset(bench.names.processes, { died: JSON.stringify(died), old: JSON.stringify(old), bad: '{' })
    await bench.redis.xadd(bench.names.anomalyStream(3), '1-0', 'finding', '{}')
    const { body, streams } = await apps()
    expect(body).toMatchObject({ totals: { anomalyLag: 1 } })
    expect(streams.find(({ name, partition }) => name === 'anomalies' && partition === 3)).toMatchObject({ length: 1 })
    expect((await apps()).processes.find(({ id }) => id === 'died')).toMatchObject({ healthy: false })
    // The living forget it with their next heartbeat.
    await expect.poll(async () => (await apps()).processes.map(({ id }) => id)).not.toContain('old')
  })

  it('forgets a process that ended as it should', async () => {
    await worker.stop()
    expect((await apps()).processes.map(({ app }) => app)).not.toContain('worker')
  })

  it('needs a key with system:read', async () => {
    expect((await t.asAnyone('GET', '/v1/system')).status).toBe(401)
    expect((await (await t.as('keys:read'))('GET', '/v1/system')).status).toBe(403)
    expect((await (await t.as('system:read'))('GET', '/v1/system')).status).toBe(200)
  })
})
