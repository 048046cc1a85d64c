import { removeSink } from '@momentry/shared/alert-sinks/remove.ts'
import { resolveAnomalyEverywhere } from '@momentry/shared/alert-sinks/resolve-anomaly.ts'
import { resolveOnSinks } from '@momentry/shared/alert-sinks/routing/resolve.ts'
import type { AnomalyAlert } from '@momentry/shared/alerts/alert.ts'
import { alertSilences } from '@momentry/shared/alerts/table.ts'
import { recordFinding } from '@momentry/shared/anomalies/record.ts'
import { createId } from '@momentry/shared/platform/id.ts'
import { afterAll, afterEach, beforeAll, beforeEach, describe, expect, it } from 'vitest'
import { z } from 'zod'
import { openPostOffice, type PostOffice } from './post-office.ts'
import { anomalyAlert } from './senders/messages.ts'

let t: PostOffice
const sinkIds: string[] = []
beforeAll(async () => {
  t = await openPostOffice()
})
beforeEach(() => t.setTime(Date.parse('2026-01-06T12:00:00Z')))
afterEach(async () => {
  for (const id of sinkIds.splice(0)) await removeSink(t.context, id)
})
afterAll(() => t.close())

async function addSink(change?: object) {
  const sink = await t.addSink(change)
  sinkIds.push(sink.id)
  return sink
}
const bodySchema = z.looseObject({
  type: z.string(),
  data: z.looseObject({
    alerts: z.array(z.looseObject({ data: z.looseObject({ id: z.string() }) })).optional(),
    omitted: z.number().optional(),
  }),
})
/** What came since the test began: how many alerts each message stood for. */
function watch() {
  const before = t.receiver.requests.length
  return () =>
    t.receiver.requests.slice(before).map(({ body }) => {
      const { data } = bodySchema.parse(JSON.parse(body))
      return data.alerts ? data.alerts.length + (data.omitted ?? 0) : 1
    })
}
const escalated = ({ timestamp, data }: AnomalyAlert): AnomalyAlert => ({
  ...{ type: 'anomaly.escalated', timestamp },
  data: { ...data, severity: 'critical' },
})

describe('a storm about one key', () => {
  it('reaches a sink as a few messages that stand for all of it', async () => {
    await addSink({ groupSeconds: 60 })
    const sizes = watch()
    const keyId = createId()
    const severities = ['medium', 'high', 'critical'] as const
    for (let n = 0; n < 400; n += 1) {
      await t.tell(anomalyAlert({ keyId, severity: severities[n % 3] ?? 'high' }))
      if (n % 50 === 0) {
        await t.send()
        t.pass(1)
      }
    }
    t.pass(60)
    await t.send()
    expect(sizes().length).toBeLessThanOrEqual(3)
    expect(sizes().reduce((sum, size) => sum + size, 0)).toBe(400)
  })

  it('of many keys too, where their messages would be too many', async () => {
    const { id } = await addSink({ groupSeconds: 60 })
    for (let n = 0; n < 50; n += 1) await t.tell(anomalyAlert())
    expect(await t.deliveries(id)).toHaveLength(21)
  })
})

describe('grouping', () => {
  it('lets an anomaly that grows graver join what is not told yet, and hurry it', async () => {
    const { id } = await addSink({ groupSeconds: 60 })
    const sizes = watch()
    const alert = anomalyAlert()
    await t.tell(alert)
    expect(await t.send()).toEqual([])
    await t.tell(escalated(alert))
    expect(await t.deliveries(id)).toMatchObject([{ severity: 'critical' }])
    expect(await t.send()).toMatchObject([{ outcome: 'delivered' }])
    expect(sizes()).toEqual([2])
  })

  it('tells the same alert once, however often it comes', async () => {
    await addSink()
    const sizes = watch()
    const alert = anomalyAlert()
    const first = await t.tell(alert)
    expect(await t.tell(alert)).toEqual(first)
    await t.send()
    await t.tell(alert)
    await t.send()
    expect(sizes()).toEqual([1])
  })

  it('keeps to what a sink wants, and to silences', async () => {
    const { id } = await addSink({ routing: { minSeverity: 'high', rules: ['multiple_ips'] } })
    await t.tell(anomalyAlert())
    await t.tell(anomalyAlert({ rule: 'multiple_ips', severity: 'low' }))
    const silenced = anomalyAlert({ rule: 'multiple_ips' })
    const at = new Date(t.context.now())
    await t.context.db.insert(alertSilences).values({
      ...{ id: createId(), keyId: silenced.data.keyId, startsAt: at, createdAt: at },
      endsAt: new Date(at.getTime() + 60_000),
    })
    await t.tell(silenced)
    expect(await t.deliveries(id)).toEqual([])
    await t.tell(anomalyAlert({ rule: 'multiple_ips' }))
    expect(await t.deliveries(id)).toHaveLength(1)
  })
})

describe('quiet hours', () => {
  const quietHours = { from: '22:00', to: '07:00', timeZone: 'Europe/Berlin' }

  it('put all of a night into one message, but for what is critical', async () => {
    await addSink({ quietHours, groupSeconds: 60 })
    const sizes = watch()
    t.setTime(Date.parse('2026-01-06T23:00:00+01:00'))
    for (let hour = 0; hour < 5; hour += 1) {
      await t.tell(anomalyAlert())
      await t.tell(anomalyAlert({ rule: 'multiple_ips' }))
      t.pass(3600)
    }
    expect(await t.send()).toEqual([])
    await t.tell(anomalyAlert({ severity: 'critical' }))
    expect(await t.send()).toHaveLength(1)
    t.setTime(Date.parse('2026-01-07T06:59:59+01:00'))
    expect(await t.send()).toEqual([])
    t.pass(1)
    expect(await t.send()).toHaveLength(1)
    expect(sizes()).toEqual([1, 10])
  })

  it('hold back what was to be tried again, without holding back what is critical', async () => {
    await addSink({ quietHours })
    t.setTime(Date.parse('2026-01-06T21:59:58+01:00'))
    t.receiver.inject({ kind: 'status', status: 500 })
    await t.tell(anomalyAlert())
    expect(await t.send()).toMatchObject([{ outcome: 'retried' }])
    t.pass(3600)
    expect(await t.send()).toEqual([])
    await t.tell(anomalyAlert({ severity: 'critical' }))
    expect(await t.send()).toMatchObject([{ outcome: 'delivered' }])
    t.setTime(Date.parse('2026-01-07T07:00:00+01:00'))
    expect(await t.send()).toMatchObject([{ outcome: 'delivered' }])
  })
})

describe('PagerDuty', () => {
  const target = () => ({ kind: 'pagerduty', routingKey: 'R'.repeat(32), url: `${t.receiver.url}/enqueue` })
  const sentTo = (path: string, from: number) =>
    t.receiver.requests.slice(from).filter((request) => request.path === path)
  const eventSchema = z.looseObject({ event_action: z.string(), dedup_key: z.string() })
  function watchEvents() {
    const before = t.receiver.requests.length
    return () =>
      sentTo('/enqueue', before).map(({ body }) => {
        const { event_action, dedup_key } = eventSchema.parse(JSON.parse(body))
        return [event_action, dedup_key]
      })
  }
  const end = (id: string) => t.context.db.transaction((tx) => resolveOnSinks(tx, id, new Date(t.context.now())))
  async function record(kind: 'opened' | 'ended', { data }: AnomalyAlert, keyId: string) {
    const { id, rule, severity, observed, threshold, explanation } = data
    const finding = { id, keyId, rule, severity, observed, threshold, explanation, window: { start: 1, end: 2 } }
    await recordFinding(
      t.bench.postgres.pool,
      { ...finding, kind, ...(kind === 'ended' && { endedAt: 3 }) },
      new Date(),
    )
  }

  it('is told once that an incident is over, after it was told of it', async () => {
    await addSink({ target: target(), groupSeconds: 60 })
    const events = watchEvents()
    const alert = anomalyAlert({ severity: 'high' })
    const { id } = alert.data
    await t.tell(alert)
    expect(await end(id)).toBe(1)
    expect(await end(id)).toBe(0)
    expect(await t.send()).toEqual([])
    t.receiver.inject({ kind: 'status', status: 500 }, { times: 5 })
    for (const wait of [60, 6, 31, 121, 601]) {
      t.pass(wait)
      await t.send()
    }
    t.pass(1801)
    await t.send()
    expect(events()).toEqual([...Array.from({ length: 6 }, () => ['trigger', id]), ['resolve', id]])
    expect(await end(id)).toBe(0)
  })

  it('is not told of the end of what it was not told of', async () => {
    await addSink({ target: target(), routing: { minSeverity: 'critical' } })
    await addSink()
    const events = watchEvents()
    const alert = anomalyAlert({ severity: 'high' })
    await t.tell(alert)
    expect(await end(alert.data.id)).toBe(0)
    expect(await end(createId())).toBe(0)
    await t.send()
    expect(events()).toEqual([])
  })

  it('is told of an end that came before the beginning', async () => {
    await addSink({ target: target() })
    const events = watchEvents()
    const keyId = await t.bench.insertKey('late')
    const alert = anomalyAlert({ keyId })
    await record('ended', alert, keyId)
    expect(await end(alert.data.id)).toBe(0)
    await t.tell(alert)
    await t.send()
    expect(events().map(([action]) => action)).toEqual(['trigger', 'resolve'])
  })

  it('is told when an operator resolves the anomaly', async () => {
    await addSink({ target: target() })
    const events = watchEvents()
    const keyId = await t.bench.insertKey('handled')
    const alert = anomalyAlert({ keyId })
    await record('opened', alert, keyId)
    await t.tell(alert)
    await t.send()
    const resolved = await resolveAnomalyEverywhere(t.context, alert.data.id, { note: 'a test of ours' })
    expect(resolved).toMatchObject({ state: 'resolved' })
    await t.send()
    expect(events().map(([action]) => action)).toEqual(['trigger', 'resolve'])
  })
})
