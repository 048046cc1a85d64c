import type { UsageEvent } from '@momentry/shared/usage/event.ts'
import { afterAll, beforeAll, describe, expect, it } from 'vitest'
import { z } from 'zod'
import { startProcess, type TestProcess } from '../../support/processes/processes.ts'
import { untilHolds } from '../../support/until-holds.ts'
import { createWorkbench, type Workbench } from '../../support/workbench.ts'
import { type Harness, startHarness } from '../harness.ts'

const hour = 3_600_000
const day = 24 * hour
/** A Monday. */
const start = Date.UTC(2026, 0, 5)
const storm = start + 15 * day + 10 * hour
const night = start + 15 * day + 3 * hour
const range = { from: '2026-01-05T00:00:00Z', to: '2026-01-25T00:00:00Z' }

let t: Harness
let bench: Workbench
let processes: TestProcess[]
const keys: Record<string, string> = {}

const event = (keyId: string, at: number, more: Partial<UsageEvent> = {}): UsageEvent => ({
  ...{ keyId, at, ip: '192.0.2.1', status: 200, latencyMs: undefined },
  ...more,
})
const times = (count: number, make: (index: number) => UsageEvent) => Array.from({ length: count }, (_, n) => make(n))

const resultSchema = z.looseObject({
  anomalies: z.array(
    z.looseObject({ keyName: z.string(), rule: z.string(), known: z.boolean(), observed: z.number() }),
  ),
  notes: z.array(z.string()),
})
const backTest = async (input: object = {}) => {
  const answer = await t.asRoot('POST', '/v1/anomalies/back-test', { body: { ...range, thresholds: {}, ...input } })
  expect(answer.status, answer.text).toBe(200)
  const body = resultSchema.parse(answer.body)
  return { body, found: body.anomalies.map(({ keyName, rule }) => `${keyName} ${rule}`).sort() }
}

/** Usage of several kinds, as it is seen live and then stored. */
beforeAll(async () => {
  t = await startHarness()
  bench = await createWorkbench(t.stores.env)
  processes = await Promise.all([startProcess('worker', t.stores.env), startProcess('alerter', t.stores.env)])
  for (const name of ['busy', 'brisk', 'failing', 'roaming', 'nightly', 'own'])
    keys[name] = await bench.insertKey(name, name === 'own' ? { anomaly: { requestsPerMinute: 50 } } : {})
  const of = (name: string) => keys[name] ?? ''
  const usage = [
    times(1_500, (n) => event(of('busy'), storm + 5_000 + n * 30)),
    times(700, (n) => event(of('brisk'), storm + 5_000 + n * 30)),
    times(60, (n) => event(of('failing'), storm + n * 4_000, { status: n % 7 === 0 ? 200 : 503 })),
    times(24, (n) => event(of('roaming'), storm + n * 100_000, { ip: `203.0.113.${n % 8}` })),
    times(300, (n) => event(of('nightly'), start + Math.floor(n / 20) * day + 9 * hour + (n % 20) * 60_000)),
    times(5, (n) => event(of('nightly'), night + n * 60_000)),
    times(60, (n) => event(of('own'), storm + 5_000 + n * 100)),
  ]
  for (const [index, events] of usage.entries()) await bench.append(`part ${index}`, events, 300)
  await untilHolds(async () => expect(await bench.anomalies()).toHaveLength(5))
  await untilHolds(async () => expect(await bench.totals()).toMatchObject({ requests: 2_649 }))
})
afterAll(async () => {
  await Promise.all(processes.map((each) => each.stop()))
  await bench.close()
  await t.close()
})

describe('POST /v1/anomalies/back-test', () => {
  it('finds with the thresholds in force what was found live', async () => {
    const { body, found } = await backTest()
    expect(found).toEqual([
      'busy high_request_rate',
      'failing high_error_rate',
      'nightly unusual_time',
      'own high_request_rate',
      'roaming multiple_ips',
    ])
    expect(body.anomalies.every(({ known }) => known)).toBe(true)
    expect(body).toMatchObject({
      thresholds: { requestsPerMinute: 1000 },
      keys: { examined: 6, withOwnThresholds: 1 },
      perRule: { high_request_rate: 2, high_error_rate: 1, multiple_ips: 1, unusual_time: 1 },
      actual: { perRule: { high_request_rate: 2 }, missed: { high_request_rate: 0, unusual_time: 0 } },
      truncated: false,
    })
    expect(body.notes.join(' ')).toMatch(/whole clock minutes.*thresholds of their own/)
    expect(body.anomalies.find(({ keyName }) => keyName === 'busy')).toMatchObject({
      ...{ observed: 1_500, severity: 'medium', keyId: keys['busy'] },
      window: { start: '2026-01-20T10:00:00.000Z', end: '2026-01-20T10:00:59.000Z' },
    })
  })

  it('finds more with lower thresholds, and less with higher ones', async () => {
    const rules = ['high_request_rate']
    const lower = await backTest({ rules, thresholds: { requestsPerMinute: 500 } })
    expect(lower.found).toEqual(['brisk high_request_rate', 'busy high_request_rate', 'own high_request_rate'])
    expect(lower.body.anomalies.find(({ keyName }) => keyName === 'brisk')).toMatchObject({ known: false })
    const higher = await backTest({ rules, thresholds: { requestsPerMinute: 5_000 } })
    expect(higher.found).toEqual(['own high_request_rate'])
    expect(higher.body).toMatchObject({ actual: { missed: { high_request_rate: 1 } } })
  })

  it('learns the habit from what was before the range', async () => {
    const late = { from: '2026-01-19T00:00:00Z', rules: ['unusual_time'] }
    expect((await backTest(late)).found).toEqual(['nightly unusual_time'])
    expect((await backTest({ ...late, thresholds: { timeMinDays: 30 } })).found).toEqual([])
  })

  it('looks at the keys that were asked for, and writes nothing', async () => {
    const { found } = await backTest({ keyIds: [keys['roaming']], thresholds: { ipsPerHour: 2 } })
    expect(found).toEqual(['roaming multiple_ips'])
    expect(await bench.anomalies()).toHaveLength(5)
  })

  it.each([
    ['an empty range', { to: range.from }],
    ['more than 31 days', { to: '2026-02-06T00:00:00Z' }],
    ['a rule that is none', { rules: ['none'] }],
    ['a threshold out of bounds', { thresholds: { errorRate: 2 } }],
    ['a threshold that is none', { thresholds: { none: 1 } }],
    ['too many keys', { keyIds: Array.from({ length: 1_001 }, () => keys['busy']) }],
  ])('refuses %s', async (_what, change) => {
    const body = { ...range, thresholds: {}, ...change }
    const answer = await t.asRoot('POST', '/v1/anomalies/back-test', { body })
    expect(answer).toMatchObject({ status: 400, body: { code: 'VALIDATION_FAILED' } })
  })

  it('needs a key with anomalies:read', async () => {
    const call = { body: { ...range, keyIds: [keys['busy']], thresholds: {} } }
    expect((await t.asAnyone('POST', '/v1/anomalies/back-test', call)).status).toBe(401)
    expect((await (await t.as('keys:read'))('POST', '/v1/anomalies/back-test', call)).status).toBe(403)
    expect((await (await t.as('anomalies:read'))('POST', '/v1/anomalies/back-test', call)).status).toBe(200)
  })
})

describe('GET /v1/anomalies/summary', () => {
  it('counts those that nobody has dealt with', async () => {
    const { body } = await t.asRoot('GET', '/v1/anomalies/summary')
    const { open } = z.object({ open: z.record(z.string(), z.int()), acknowledged: z.literal(0) }).parse(body)
    expect(Object.values(open).reduce((sum, count) => sum + count, 0)).toBe(5)
    const [first] = await bench.anomalies()
    await t.asRoot('POST', `/v1/anomalies/${first?.id}/acknowledge`, { body: {} })
    expect((await t.asRoot('GET', '/v1/anomalies/summary')).body).toMatchObject({ acknowledged: 1 })
    expect((await (await t.as('keys:read'))('GET', '/v1/anomalies/summary')).status).toBe(403)
  })
})

describe('GET /v1/keys/{id}/activity, of a key that was watched', () => {
  it('shows the habit that detection has learnt, Monday first', async () => {
    const { body } = await t.asRoot('GET', `/v1/keys/${keys['nightly']}/activity`)
    const { hourOfWeek, habit } = z
      .looseObject({ hourOfWeek: z.array(z.int()), habit: z.looseObject({ requests: z.int(), ready: z.boolean() }) })
      .parse(body)
    // 15 days of 09 o'clock: three Mondays, then two of each other day; and one night from Monday to Tuesday.
    expect(hourOfWeek.flatMap((requests, index) => (requests > 0 ? [[index, requests]] : []))).toEqual([
      [9, 60],
      [27, 5],
      ...[33, 57, 81, 105, 129, 153].map((index) => [index, 40]),
    ])
    expect(habit).toMatchObject({ requests: 305, ready: true })
  })
})
