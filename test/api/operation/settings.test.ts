import type { UsageEvent } from '@momentry/shared/usage/event.ts'
import { partitionOf } from '@momentry/shared/usage/partition.ts'
import { afterAll, beforeAll, describe, expect, it } from 'vitest'
import { startProcess, type TestProcess } from '../../support/processes/processes.ts'
import { createWorkbench, partitions, type Workbench } from '../../support/workbench.ts'
import { type Harness, startHarness } from '../harness.ts'

let t: Harness
let bench: Workbench
let worker: TestProcess
beforeAll(async () => {
  t = await startHarness()
  bench = await createWorkbench(t.stores.env)
  worker = await startProcess('worker', { ...t.stores.env, ANOMALY_REQUESTS_PER_MINUTE: '100' })
})
afterAll(async () => {
  await worker.stop()
  await bench.close()
  await t.close()
})

const set = (thresholds: object) => t.asRoot('PUT', '/v1/settings/anomaly', { body: { thresholds } })

/** Reports so many requests of one key within 10 s, and gives what was found on the key's stream so far. */
let reports = 0
async function findingsAfter(keyId: string, requests: number): Promise<number> {
  reports += 1
  const at = Date.UTC(2026, 0, 5, 12, reports * 10)
  const events = Array.from({ length: requests }, (_, n): UsageEvent => {
    return { keyId, at: at + n * 100, ip: '192.0.2.1', status: 200, latencyMs: undefined }
  })
  await bench.append(`report ${reports}`, events, 300)
  const p = partitionOf(keyId, partitions)
  await expect.poll(() => bench.redis.xlen(bench.names.usageStream(p))).toBe(0)
  const entries = await bench.redis.xrange(bench.names.anomalyStream(p), '-', '+')
  return entries.filter(([, fields]) => fields.join().includes(keyId) && fields.join().includes('opened')).length
}

describe('/v1/settings', () => {
  it('gives the environment where nothing is set', async () => {
    expect((await t.asRoot('GET', '/v1/settings')).body).toMatchObject({
      anomaly: {
        ...{ thresholds: { requestsPerMinute: 1000 }, defaults: { requestsPerMinute: 1000 } },
        ...{ overridden: [], updatedAt: null, updatedBy: null },
      },
    })
  })

  it('sets those that are named, takes single ones back, and leaves the others', async () => {
    await set({ requestsPerMinute: 500, errorRate: 0.25 })
    expect((await set({ requestsPerMinute: null, ipsPerHour: 9 })).body).toMatchObject({
      anomaly: {
        thresholds: { requestsPerMinute: 1000, errorRate: 0.25, ipsPerHour: 9 },
        defaults: { errorRate: 0.5 },
        overridden: ['errorRate', 'ipsPerHour'],
        updatedAt: expect.any(String),
        updatedBy: t.root.keyId,
      },
    })
    expect((await t.asRoot('DELETE', '/v1/settings/anomaly')).body).toMatchObject({
      anomaly: { overridden: [], updatedAt: null },
    })
  })

  it('notes what was changed, before and after, and nothing where nothing was', async () => {
    await set({ requestsPerMinute: 700 })
    await set({ requestsPerMinute: 700 })
    await t.asRoot('DELETE', '/v1/settings/anomaly')
    await t.asRoot('DELETE', '/v1/settings/anomaly')
    const { body } = await t.asRoot('GET', '/v1/audit?limit=2')
    expect(body).toMatchObject({
      data: [
        { action: 'settings.reset', before: { thresholds: { requestsPerMinute: 700 } } },
        {
          action: 'settings.changed',
          actorKeyId: t.root.keyId,
          before: { thresholds: { requestsPerMinute: null } },
          after: { thresholds: { requestsPerMinute: 700 } },
        },
      ],
    })
  })

  it('loses none of two changes at once', async () => {
    await Promise.all([set({ timeMinDays: 20 }), set({ timeMinRequests: 7 }), set({ timeMinHistory: 900 })])
    expect((await t.asRoot('GET', '/v1/settings')).body).toMatchObject({
      anomaly: { overridden: ['timeMinDays', 'timeMinHistory', 'timeMinRequests'] },
    })
    await t.asRoot('DELETE', '/v1/settings/anomaly')
  })

  it('are soon in force in the worker, under the policy of a key, and over its environment', async () => {
    const keyId = await bench.insertKey('watched')
    const own = await bench.insertKey('own', { anomaly: { requestsPerMinute: 90 } })
    await set({ requestsPerMinute: 50 })
    expect(await findingsAfter(keyId, 60)).toBe(1)
    expect(await findingsAfter(own, 60)).toBe(0)
    await set({ requestsPerMinute: 30 })
    await expect.poll(() => findingsAfter(keyId, 40), { interval: 500 }).toBe(2)
    await t.asRoot('DELETE', '/v1/settings/anomaly')
    // The worker's environment says 100: it is known of a key that it has not seen yet at once.
    expect(await findingsAfter(await bench.insertKey('new'), 95)).toBe(0)
    expect(await findingsAfter(await bench.insertKey('newer'), 105)).toBe(1)
  })

  it.each([{}, { errorRate: 0 }, { errorRate: '0.5' }, { ipsPerHour: 1001 }, { none: 1 }, { requestsPerMinute: 1.5 }])(
    'refuses %o',
    async (thresholds) => {
      expect(await set(thresholds)).toMatchObject({ status: 400, body: { code: 'VALIDATION_FAILED' } })
    },
  )

  it('need settings:read, and settings:write to change', async () => {
    const [reader, writer] = await Promise.all([t.as('settings:read'), t.as('settings:write')])
    const change = { body: { thresholds: { ipsPerHour: 6 } } }
    expect((await t.asAnyone('GET', '/v1/settings')).status).toBe(401)
    expect((await reader('GET', '/v1/settings')).status).toBe(200)
    expect((await reader('PUT', '/v1/settings/anomaly', change)).status).toBe(403)
    expect((await reader('DELETE', '/v1/settings/anomaly')).status).toBe(403)
    expect((await writer('GET', '/v1/settings')).status).toBe(403)
    expect((await writer('PUT', '/v1/settings/anomaly', change)).status).toBe(200)
  })
})
