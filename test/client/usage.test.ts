import { createClient, type MomentryClient } from '@momentry/client/client.ts'
import { createUsageReporter, type Dropped } from '@momentry/client/usage/reporter.ts'
import { afterAll, beforeAll, describe, expect, it } from 'vitest'
import { makeKey } from '../api/client.ts'
import { type Harness, shareHarness } from '../api/harness.ts'
import { createWorkbench, type Workbench } from '../support/workbench.ts'

let t: Harness
let bench: Workbench
let client: MomentryClient
beforeAll(async () => {
  t = await shareHarness()
  bench = await createWorkbench(t.stores.env)
  client = createClient({ url: t.api.url ?? '', apiKey: t.root.key })
})
afterAll(async () => {
  await bench.close()
  await t.close()
})

const unknownKey = '01990f0e-7d3a-7c3e-8a55-1f2e3d4c5b6a'

describe('reportUsage', () => {
  it('counts a report once, however often it comes under its name', async () => {
    const { id } = await makeKey(t.asRoot)
    const at = new Date().toISOString()
    const report = () => client.reportUsage([{ keyId: id, status: 200, at }], { idempotencyKey: `once-${id}` })
    expect([await report(), await report()]).toEqual([{ accepted: 1 }, { accepted: 1 }])
    expect((await bench.readUsage(id)).entries).toHaveLength(1)
  })

  it('tells which event is wrong', async () => {
    const { id } = await makeKey(t.asRoot)
    const events = [
      { keyId: id, status: 200 },
      { keyId: unknownKey, status: 200 },
    ]
    await expect(client.reportUsage(events)).rejects.toMatchObject({
      ...{ kind: 'refused', status: 400, code: 'VALIDATION_FAILED' },
      issues: [{ pointer: '/events/1/keyId' }],
    })
    expect((await bench.readUsage(id)).entries).toHaveLength(0)
  })
})

describe('createUsageReporter', () => {
  it('brings every good event to Momentry once, and counts every bad one', async () => {
    const { id } = await makeKey(t.asRoot)
    const drops: Dropped[] = []
    const reporter = createUsageReporter({ client, flushEveryMs: 10, onDropped: (dropped) => drops.push(dropped) })
    const ahead = new Date(Date.now() + 3_600_000).toISOString()
    const longPath = `/${'x'.repeat(2000)}`
    for (let n = 0; n < 2500; n += 1) {
      reporter.report({ keyId: id, status: 200, ip: '203.0.113.7', latencyMs: 1.5, method: 'GET', path: longPath })
      if (n % 100 === 0) reporter.report({ keyId: unknownKey, status: 200 })
      if (n % 100 === 1) reporter.report({ keyId: id, status: 200, at: ahead })
      if (n % 100 === 2) reporter.report({ keyId: id, status: 99 })
      if (n % 100 === 3) reporter.report({ keyId: id, status: 200, ip: 'unknown' })
    }
    await reporter.close({ timeoutMs: 20_000 })
    expect([reporter.pending(), reporter.dropped()]).toEqual([0, 100])
    expect(drops.map(({ reason }) => reason)).toEqual(drops.map(() => 'refused'))
    expect((await bench.readUsage(id)).entries).toHaveLength(2500)
  })
})
