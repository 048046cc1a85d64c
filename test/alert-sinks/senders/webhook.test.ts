import { Webhook } from 'standardwebhooks'
import { afterEach, describe, expect, it } from 'vitest'
import { anomalyAlert, messageTo, noSignal, testSenders, webhookSecret } from './messages.ts'
import { type Answer, answerWith, type Receiver, startReceiver } from './receiver.ts'

const open: { close(): Promise<void> }[] = []
afterEach(async () => {
  for (const each of open.splice(0)) await each.close()
})

async function begin(answer?: Answer) {
  const receiver = await startReceiver(answer)
  const senders = testSenders({ hosts: [receiver.host] })
  open.push(senders, receiver)
  return { receiver, send: senders.webhook.send }
}

const target = ({ url }: Receiver) => ({ kind: 'webhook' as const, url: `${url}/hook?team=a` })
const secrets = { secret: webhookSecret('n'), previousSecret: webhookSecret('p') }
const strings = (headers: object) => Object.fromEntries(Object.entries(headers).map(([k, v]) => [k, String(v)]))

describe('a webhook', () => {
  it('gets the alert as it is on the channel, signed by Standard Webhooks', async () => {
    const { receiver, send } = await begin()
    const alert = anomalyAlert()
    const message = messageTo(target(receiver), [alert], { secrets: { secret: secrets.secret } })
    expect(await send(message, noSignal())).toEqual({ ok: true, status: 204 })
    const [{ method, url, headers, body } = { headers: {}, body: '' }] = receiver.received
    expect({ method, url }).toEqual({ method: 'POST', url: '/hook?team=a' })
    expect(headers).toMatchObject({ 'content-type': 'application/json', 'webhook-id': message.id })
    expect(new Webhook(secrets.secret).verify(body, strings(headers))).toEqual(alert)
    expect(() => new Webhook(secrets.secret).verify(body.replace('billing', 'Billing'), strings(headers))).toThrow()
  })

  it('is signed by both secrets while they overlap', async () => {
    const { receiver, send } = await begin()
    await send(messageTo(target(receiver), undefined, { secrets }), noSignal())
    const [{ headers, body } = { headers: {}, body: '' }] = receiver.received
    for (const secret of [secrets.secret, secrets.previousSecret])
      expect(new Webhook(secret).verify(body, strings(headers))).toMatchObject({ type: 'anomaly.detected' })
    expect(() => new Webhook(webhookSecret('x')).verify(body, strings(headers))).toThrow()
  })

  it('gets several alerts as one, with the same body at each attempt', async () => {
    const { receiver, send } = await begin()
    const message = messageTo(target(receiver), [anomalyAlert(), anomalyAlert()], { secrets, omitted: 3 })
    await send(message, noSignal())
    await send(message, noSignal())
    const bodies = receiver.received.map(({ body }) => body)
    expect(bodies[0]).toBe(bodies[1])
    expect(JSON.parse(bodies[0] ?? '')).toEqual({
      type: 'alerts.grouped',
      timestamp: '2026-01-05T12:00:00.000Z',
      data: { alerts: message.alerts.map(({ alert }) => alert), omitted: 3 },
    })
  })

  it('gets a body that stays within bounds: the earliest alerts are left out', async () => {
    const { receiver, send } = await begin()
    const alerts = Array.from({ length: 100 }, (_, n) =>
      anomalyAlert({ observed: n, explanation: '\u{1f4a5}'.repeat(1500) }),
    )
    await send(messageTo(target(receiver), alerts, { secrets }), noSignal())
    const body = receiver.received[0]?.body ?? ''
    expect(Buffer.byteLength(body)).toBeLessThanOrEqual(256 * 1024)
    const { data } = JSON.parse(body)
    expect(data.alerts.length + data.omitted).toBe(100)
    expect(data.alerts.at(-1).data.observed).toBe(99)
  })

  it('gets a test', async () => {
    const { receiver, send } = await begin()
    const message = messageTo(target(receiver), [], { secrets, test: true })
    expect(await send(message, noSignal())).toMatchObject({ ok: true })
    expect(JSON.parse(receiver.received[0]?.body ?? '')).toMatchObject({
      type: 'alert.test',
      data: { sinkId: message.sink.id, sinkName: 'on call' },
    })
  })

  it.each([
    [404, {}, { error: 'it answered with 404' }],
    [410, {}, { gone: true }],
    [429, { 'retry-after': '17' }, { retryAfterSeconds: 17 }],
    [503, { 'retry-after': '999999' }, { retryAfterSeconds: 28_800 }],
    [500, { 'retry-after': '17' }, { error: 'it answered with 500' }],
  ])('that answers %i is told of', async (status, headers, told) => {
    const { receiver, send } = await begin(answerWith(status, 'a secret of theirs', headers))
    const sent = await send(messageTo(target(receiver), undefined, { secrets }), noSignal())
    expect(sent).toMatchObject({ ok: false, status, ...told })
    expect(JSON.stringify(sent)).not.toContain('theirs')
    if (status === 500) expect(sent).not.toHaveProperty('retryAfterSeconds')
  })

  it('is not followed to another place', async () => {
    const other = await startReceiver()
    open.push(other)
    const { receiver, send } = await begin(answerWith(307, '', { location: `${other.url}/elsewhere` }))
    const sent = await send(messageTo(target(receiver), undefined, { secrets }), noSignal())
    expect(sent).toMatchObject({ ok: false, status: 307, error: expect.stringContaining('leads to another place') })
    expect(other.connections()).toBe(0)
  })

  it('that does not answer is given up', async () => {
    const receiver = await startReceiver(() => undefined)
    const senders = testSenders({ hosts: [receiver.host], timeoutMs: 200 })
    open.push(senders, receiver)
    const sent = await senders.webhook.send(messageTo(target(receiver), undefined, { secrets }), noSignal())
    expect(sent).toEqual({ ok: false, error: 'it took too long to answer' })
  })

  it('is given up when the signal says so', async () => {
    const { receiver, send } = await begin(() => undefined)
    const abort = new AbortController()
    const sending = send(messageTo(target(receiver), undefined, { secrets }), abort.signal)
    await expect.poll(() => receiver.received.length).toBe(1)
    abort.abort()
    expect(await sending).toMatchObject({ ok: false })
  })

  it('counts as reached by its status, however long, large or broken the rest of its answer is', async () => {
    const { receiver, send } = await begin((response, { url }) => {
      response.writeHead(200)
      if (url.endsWith('large')) response.end('x'.repeat(5_000_000))
      else if (url.endsWith('cut')) response.write('x', () => response.destroy())
      else response.write('x')
    })
    for (const way of ['large', 'cut', 'endless']) {
      const url = `${receiver.url}/${way}`
      expect(await send(messageTo({ kind: 'webhook', url }, undefined, { secrets }), noSignal())).toEqual({
        ok: true,
        status: 200,
      })
    }
  })

  it('that is not there is told of, without its URL', async () => {
    const { receiver, send } = await begin()
    await receiver.close()
    open.pop()
    expect(await send(messageTo(target(receiver), undefined, { secrets }), noSignal())).toEqual({
      ok: false,
      error: 'connection refused',
    })
  })

  it('without a secret that signs gets nothing', async () => {
    const { receiver, send } = await begin()
    for (const secret of [undefined, 'whsec_', 'whsec_*'])
      expect(
        await send(
          messageTo(target(receiver), undefined, { secrets: secret === undefined ? {} : { secret } }),
          noSignal(),
        ),
      ).toMatchObject({ ok: false, error: expect.stringContaining('cannot sign') })
    expect(receiver.connections()).toBe(0)
  })

  it('is cut off when the process stops', async () => {
    const receiver = await startReceiver(() => undefined)
    open.push(receiver)
    const senders = testSenders({ hosts: [receiver.host] })
    const sending = senders.webhook.send(messageTo(target(receiver), undefined, { secrets }), noSignal())
    await expect.poll(() => receiver.received.length).toBe(1)
    await senders.close()
    expect(await sending).toEqual({ ok: false, error: 'Momentry stops' })
  })
})
