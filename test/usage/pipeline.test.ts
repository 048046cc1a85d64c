import { subjectOf } from '@momentry/shared/alerts/alert.ts'
import type { UsageEvent } from '@momentry/shared/usage/event.ts'
import { afterAll, beforeAll, describe, expect, it } from 'vitest'
import { startProcess, type TestProcess } from '../support/processes/processes.ts'
import { createTestStores, type TestStores } from '../support/stores.ts'
import { untilHolds } from '../support/until-holds.ts'
import { createWorkbench, type Workbench } from '../support/workbench.ts'

let stores: TestStores
let bench: Workbench
let processes: TestProcess[]

beforeAll(async () => {
  stores = await createTestStores()
  bench = await createWorkbench(stores.env)
  processes = await Promise.all([startProcess('worker', stores.env), startProcess('alerter', stores.env)])
})

afterAll(async () => {
  const codes = await Promise.all(processes.map((process) => process.stop()))
  await bench.close()
  await stores.close()
  expect(codes).toEqual([0, 0])
})

const at = Date.UTC(2026, 0, 5, 12)

function events(
  keyId: string,
  count: number,
  change: (index: number) => Partial<UsageEvent> = () => ({}),
): UsageEvent[] {
  return Array.from({ length: count }, (_, index) => ({
    keyId,
    at: at + index * 10,
    ip: '192.0.2.1',
    status: 200,
    latencyMs: undefined,
    ...change(index),
  }))
}

async function waitForRow(keyId: string, rule: string) {
  return untilHolds(async () => {
    const row = (await bench.anomalies()).find((anomaly) => anomaly.keyId === keyId && anomaly.rule === rule)
    expect(row).toBeDefined()
    return row
  })
}

describe('from event to alert', () => {
  it('tells of a key that makes more than 1,000 requests in a minute, once', async () => {
    const keyId = await bench.insertKey('busy')
    await bench.append('busy', events(keyId, 1001), 300)
    const row = await waitForRow(keyId, 'high_request_rate')
    await untilHolds(() => expect(bench.alerts.filter((alert) => subjectOf(alert) === keyId)).toHaveLength(1))
    const [alert] = bench.alerts.filter((alert) => subjectOf(alert) === keyId)
    expect(alert).toMatchObject({
      type: 'anomaly.detected',
      data: {
        id: row?.id,
        keyName: 'busy',
        keyType: 'service',
        rule: 'high_request_rate',
        observed: 1001,
        threshold: 1000,
      },
    })
  })

  it('says nothing of exactly 1,000', async () => {
    const keyId = await bench.insertKey('just within')
    await bench.append('just within', events(keyId, 1000), 300)
    await untilHolds(async () => expect(await bench.backlog()).toBe(0))
    expect((await bench.anomalies()).filter((anomaly) => anomaly.keyId === keyId)).toEqual([])
  })

  it('judges an error share in silence, and keeps one row while it grows graver', async () => {
    const keyId = await bench.insertKey('failing')
    await bench.append(
      'failing 1',
      events(keyId, 20, (index) => ({ status: index < 11 ? 500 : 200 })),
      300,
    )
    expect(await waitForRow(keyId, 'high_error_rate')).toMatchObject({ severity: 'medium' })
    await bench.append(
      'failing 2',
      events(keyId, 400, () => ({ at: at + 30_000, status: 503 })),
      300,
    )
    await untilHolds(async () =>
      expect(await waitForRow(keyId, 'high_error_rate')).toMatchObject({ severity: 'critical' }),
    )
    expect((await bench.anomalies()).filter((anomaly) => anomaly.keyId === keyId)).toHaveLength(1)
    await untilHolds(() => {
      const types = bench.alerts.filter((alert) => subjectOf(alert) === keyId).map(({ type }) => type)
      expect(types).toEqual(['anomaly.detected', 'anomaly.escalated'])
    })
  })

  it('uses the thresholds of a key where it has its own', async () => {
    const keyId = await bench.insertKey('strict', { anomaly: { ipsPerHour: 1 } })
    await bench.append(
      'strict',
      events(keyId, 2, (index) => ({ ip: `198.51.100.${index}` })),
      300,
    )
    await waitForRow(keyId, 'multiple_ips')
  })

  it('counts a request that is sent again once, and keeps the time of last use', async () => {
    const before = await bench.totals()
    const keyId = await bench.insertKey('repeated')
    for (let tries = 0; tries < 3; tries += 1) await bench.append('again', events(keyId, 100), 300)
    await untilHolds(async () => expect(await bench.backlog()).toBe(0))
    expect((await bench.totals()).requests - before.requests).toBe(100)
    const { rows } = await bench.postgres.pool.query('SELECT last_used_at FROM api_keys WHERE id = $1', [keyId])
    expect(rows[0].last_used_at.getTime()).toBe(at + 990)
  })

  it('puts an entry that cannot be read aside, and goes on with what lies behind it', async () => {
    const keyId = await bench.insertKey('behind')
    await bench.redis.xadd(bench.names.usageStream(0), '*', 'batch', 'no JSON')
    await Promise.all(Array.from({ length: 20 }, (_, n) => bench.append(`behind ${n}`, events(keyId, 1), 300)))
    await untilHolds(async () => expect(await bench.backlog()).toBe(0))
    const dead = await bench.redis.xrange(bench.names.usageDead(0), '-', '+')
    expect(dead).toHaveLength(1)
    expect(dead[0]?.[1]).toContain('no JSON')
  })

  it('goes on after its consumer groups are gone', async () => {
    for (let p = 0; p < 8; p += 1) await bench.redis.del(bench.names.usageStream(p), bench.names.anomalyStream(p))
    const keyId = await bench.insertKey('after the flood')
    await bench.append('after the flood', events(keyId, 1001), 300)
    await waitForRow(keyId, 'high_request_rate')
  })
})
