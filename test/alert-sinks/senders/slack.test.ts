import { afterEach, expect, it } from 'vitest'
import { z } from 'zod'
import { anomalyAlert, messageTo, noSignal, testSenders } from './messages.ts'
import { type Answer, answerWith, startReceiver } from './receiver.ts'

const open: { close(): Promise<void> }[] = []
afterEach(async () => {
  for (const each of open.splice(0)) await each.close()
})

/** What Slack takes: its own bounds. */
const mrkdwn = (most: number) =>
  z.strictObject({ type: z.literal('mrkdwn'), text: z.string().min(1).max(most), verbatim: z.literal(true) })
const bodySchema = z.strictObject({
  text: z.string().min(1).max(3000),
  blocks: z
    .array(
      z.discriminatedUnion('type', [
        z.strictObject({
          type: z.literal('section'),
          text: mrkdwn(3000),
          fields: z.array(mrkdwn(2000)).min(1).max(10).optional(),
        }),
        z.strictObject({ type: z.literal('context'), elements: z.array(mrkdwn(3000)).min(1).max(10) }),
      ]),
    )
    .max(50),
  unfurl_links: z.literal(false),
  unfurl_media: z.literal(false),
})

async function begin(answer: Answer = answerWith(200, 'ok')) {
  const receiver = await startReceiver(answer)
  const senders = testSenders({ hosts: [receiver.host] })
  open.push(senders, receiver)
  const target = { kind: 'slack' as const, url: `${receiver.url}/services/T0/B0/xyz` }
  return { receiver, target, send: senders.slack.send }
}

it('Slack gets blocks, a text for notifications, and a link', async () => {
  const { receiver, target, send } = await begin()
  const alert = anomalyAlert()
  expect(await send(messageTo(target, [alert]), noSignal())).toEqual({ ok: true, status: 200 })
  const [{ url, headers, body } = { url: '', headers: {}, body: '' }] = receiver.received
  expect(url).toBe('/services/T0/B0/xyz')
  expect(headers['content-type']).toBe('application/json')
  const parsed = bodySchema.parse(JSON.parse(body))
  expect(parsed.text).toBe('high: high_request_rate on billing')
  expect(body).toContain(`<https://momentry.example.com/console/anomalies/${alert.data.id}|Open in Momentry>`)
  expect(body).toContain('1204 requests within 60 s')
})

it('Slack is not made to call people, or to link, by the name of a key', async () => {
  const { receiver, target, send } = await begin()
  const keyName = '<!channel> <https://evil.example|click> & <@U123>\nhttps://evil.example @here'
  await send(messageTo(target, [anomalyAlert({ keyName, explanation: keyName })]), noSignal())
  const body = receiver.received[0]?.body ?? ''
  bodySchema.parse(JSON.parse(body))
  expect(body).not.toMatch(/<[!@#]|<https:\/\/evil/)
  expect(body).toContain('&lt;!channel&gt; &lt;https://evil.example|click&gt; &amp; &lt;@U123&gt; https://evil.example')
})

it('Slack gets what it takes, however many alerts there are, and however long they are', async () => {
  const { receiver, target, send } = await begin()
  const alerts = Array.from({ length: 100 }, () =>
    anomalyAlert({ keyName: '&'.repeat(200), explanation: '<'.repeat(1000) }),
  )
  await send(messageTo(target, alerts, { omitted: 7 }), noSignal())
  await send(messageTo(target, [], { test: true }), noSignal())
  const [first, test] = receiver.received.map(({ body }) => bodySchema.parse(JSON.parse(body)))
  expect(JSON.stringify(first?.blocks.at(-1))).toContain('97 earlier alerts are in the alert log')
  expect(test?.text).toBe('Test of the alert sink on call')
})

it.each([
  [400, 'invalid_payload', { error: 'it answered with 400: invalid_payload' }],
  [403, '<html>a page of a proxy</html>', { error: 'it answered with 403' }],
  [410, 'channel_is_archived', { error: 'it answered with 410: channel_is_archived', gone: true }],
  [429, 'rate_limited', { retryAfterSeconds: 30 }],
])('what Slack says with %i is told of', async (status, text, told) => {
  const { target, send } = await begin(answerWith(status, text, { 'retry-after': '30' }))
  expect(await send(messageTo(target), noSignal())).toMatchObject({ ok: false, status, ...told })
})

it('the URL of Slack, which is its secret, is in no error', async () => {
  const { target, send, receiver } = await begin((response) => void response.destroy())
  const cut = await send(messageTo(target), noSignal())
  await receiver.close()
  open.pop()
  const gone = await send(messageTo(target), noSignal())
  expect([cut, gone]).toEqual([
    { ok: false, error: 'the connection was cut' },
    { ok: false, error: 'connection refused' },
  ])
})
