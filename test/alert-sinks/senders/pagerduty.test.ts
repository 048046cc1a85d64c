import { createId } from '@momentry/shared/platform/id.ts'
import { afterEach, expect, it } from 'vitest'
import { anomalyAlert, messageTo, noSignal, testSenders } from './messages.ts'
import { type Answer, answerWith, startReceiver } from './receiver.ts'

const open: { close(): Promise<void> }[] = []
afterEach(async () => {
  for (const each of open.splice(0)) await each.close()
})

const accepted: Answer = (response, { body }) => {
  const { dedup_key } = JSON.parse(body)
  response.writeHead(202).end(JSON.stringify({ status: 'success', message: 'Event processed', dedup_key }))
}
const routingKey = 'R0123456789ABCDEF0123456789ABCDEF'

async function begin(answer: Answer = accepted) {
  const receiver = await startReceiver(answer)
  const senders = testSenders({ hosts: [receiver.host] })
  open.push(senders, receiver)
  const target = { kind: 'pagerduty' as const, routingKey, url: `${receiver.url}/v2/enqueue` }
  return {
    receiver,
    target,
    send: senders.pagerduty.send,
    events: () => receiver.received.map(({ body }) => JSON.parse(body)),
  }
}

it('PagerDuty gets an event of its Events API v2', async () => {
  const { receiver, target, send, events } = await begin()
  const alert = anomalyAlert()
  expect(await send(messageTo(target, [alert]), noSignal())).toEqual({ ok: true, status: 202 })
  expect(receiver.received[0]).toMatchObject({ method: 'POST', url: '/v2/enqueue' })
  expect(events()).toEqual([
    {
      routing_key: routingKey,
      event_action: 'trigger',
      dedup_key: alert.data.id,
      payload: {
        summary: 'high_request_rate on billing: 1204 requests within 60 s, where at most 1000 are expected',
        source: 'momentry.example.com',
        severity: 'error',
        timestamp: '2026-01-05T12:00:00.000Z',
        component: 'billing',
        class: 'high_request_rate',
        custom_details: { type: 'anomaly.detected', ...alert.data },
      },
      client: 'Momentry',
      client_url: 'https://momentry.example.com/console/',
      links: [{ href: `https://momentry.example.com/console/anomalies/${alert.data.id}`, text: 'Open in Momentry' }],
    },
  ])
})

it.each([
  ['low', 'info'],
  ['medium', 'warning'],
  ['high', 'error'],
  ['critical', 'critical'],
] as const)('%s is %s there, and a summary is never too long', async (severity, told) => {
  const { target, send, events } = await begin()
  await send(messageTo(target, [anomalyAlert({ severity, explanation: 'x'.repeat(5000) })]), noSignal())
  expect(events()[0].payload.severity).toBe(told)
  expect(events()[0].payload.summary.length).toBeLessThanOrEqual(1024)
})

it('each anomaly is an incident of its own, told as it is now; what is over is resolved', async () => {
  const { target, send, events } = await begin()
  const [one, other] = [createId(), createId()]
  const graver = { ...anomalyAlert({ id: one, severity: 'critical' }), type: 'anomaly.escalated' as const }
  await send(messageTo(target, [anomalyAlert({ id: one }), anomalyAlert({ id: other }), graver]), noSignal())
  expect(events().map(({ dedup_key, payload }) => [dedup_key, payload.severity])).toEqual([
    [one, 'critical'],
    [other, 'error'],
  ])
  await send(messageTo(target, [], { resolves: one }), noSignal())
  expect(events().at(-1)).toEqual({ routing_key: routingKey, event_action: 'resolve', dedup_key: one })
})

it('a test leaves nothing open', async () => {
  const { target, send, events } = await begin()
  expect(await send(messageTo(target, [], { test: true }), noSignal())).toMatchObject({ ok: true })
  expect(events()).toMatchObject([
    { event_action: 'trigger', payload: { severity: 'info', summary: 'Test of the alert sink on call' } },
    { event_action: 'resolve', dedup_key: events()[0].dedup_key },
  ])
})

it('what PagerDuty says is told of, without the routing key', async () => {
  const { target, send, receiver } = await begin((response) => {
    const body = { status: 'invalid event', message: 'Event object is invalid', errors: [`no such key: ${routingKey}`] }
    response.writeHead(400).end(JSON.stringify(body))
  })
  expect(await send(messageTo(target, [anomalyAlert(), anomalyAlert()]), noSignal())).toEqual({
    ok: false,
    status: 400,
    error: 'it answered with 400: Event object is invalid: no such key: [routing key]',
  })
  expect(receiver.received).toHaveLength(2)
})

it('a hundred incidents of one night are told of some at a time, and nothing after a failure', async () => {
  let underWay = 0
  let most = 0
  const { target, send, events } = await begin((response, received) => {
    underWay += 1
    most = Math.max(most, underWay)
    setImmediate(() => {
      underWay -= 1
      if (events().length > 50) response.writeHead(500).end()
      else accepted(response, received)
    })
  })
  const alerts = Array.from({ length: 100 }, () => anomalyAlert())
  expect(await send(messageTo(target, alerts), noSignal())).toMatchObject({ ok: false, status: 500 })
  expect(most).toBeLessThanOrEqual(5)
  expect(events()).toHaveLength(55)
})

it('PagerDuty that wants a pause is left alone', async () => {
  const { target, send } = await begin(answerWith(429, 'no JSON', { 'retry-after': '60' }))
  expect(await send(messageTo(target), noSignal())).toEqual({
    ok: false,
    status: 429,
    error: 'it answered with 429',
    retryAfterSeconds: 60,
  })
})
