import { afterAll, beforeAll, describe, expect, it } from 'vitest'
import { z } from 'zod'
import { codeOf } from '../api/client.ts'
import { type Harness, startHarness } from '../api/harness.ts'
import { type RemoteServer, startRemoteServer } from '../support/remote/remote-server.ts'
import { noteSecret } from '../support/written/keep.ts'

let t: Harness
let receiver: RemoteServer
beforeAll(async () => {
  receiver = await startRemoteServer(() => ({ status: 204 }))
  t = await startHarness({ ALERT_SINK_HOSTS: new URL(receiver.url).host })
})
afterAll(async () => {
  await t.close()
  await receiver.close()
})

const path = '/v1/alert-sinks'
const sinkSchema = z.looseObject({ id: z.string(), name: z.string(), secret: z.string().optional() })
let made = 0
async function make(change: object = {}) {
  made += 1
  const target = { kind: 'webhook', url: `${receiver.url}/hook` }
  const answer = await t.asRoot('POST', path, { body: { name: `sink ${made}`, target, ...change } })
  expect(answer.status, answer.text).toBe(201)
  return sinkSchema.parse(answer.body)
}
const pageSchema = z.looseObject({ data: z.array(z.looseObject({ id: z.string(), name: z.string().optional() })) })

describe('alert sinks by API', () => {
  it('are made with defaults; the secret of a webhook is shown once', async () => {
    const { id, secret = '', ...sink } = await make({ name: 'on call' })
    noteSecret(secret)
    expect(secret).toMatch(/^whsec_[A-Za-z0-9+/]{43}=$/)
    expect(sink).toMatchObject({
      kind: 'webhook',
      target: { kind: 'webhook', url: `${receiver.url}/hook` },
      routing: { minSeverity: 'low', types: [], rules: [], owners: [] },
      ...{ groupSeconds: 60, quietHours: null, state: 'active', stateReason: null, previousSecretUntil: null },
    })
    const read = await t.asRoot('GET', `${path}/${id}`)
    expect(read.body).toEqual({ id, ...sink })
    expect((await t.asRoot('GET', path)).text).not.toContain('whsec_')
    expect((await t.asRoot('GET', '/v1/audit')).text).not.toContain('whsec_')
  })

  it('show nothing that is secret of other targets', async () => {
    const secrets = ['T000/B000/quite-secret', 'PDPDPDPDPDPDPDPDPDPDPDPDPDPDPDPD']
    for (const secret of secrets) noteSecret(secret)
    const slack = await make({ target: { kind: 'slack', url: `https://hooks.slack.com/services/${secrets[0]}` } })
    const pager = await make({ target: { kind: 'pagerduty', routingKey: secrets[1] } })
    await t.asRoot('PATCH', `${path}/${slack.id}`, {
      body: { target: { kind: 'slack', url: `https://hooks.slack.com/services/${secrets[0]}2` } },
    })
    expect(slack).toMatchObject({ target: { kind: 'slack', host: 'hooks.slack.com' } })
    expect(pager).toMatchObject({ target: { kind: 'pagerduty' } })
    const shown = [await t.asRoot('GET', path), await t.asRoot('GET', '/v1/audit')].map(({ text }) => text).join()
    for (const secret of secrets) expect(shown).not.toContain(secret)
    expect(shown).toContain('secretReplaced')
  })

  it('are one for the same Idempotency-Key, secret included', async () => {
    const target = { kind: 'webhook', url: `${receiver.url}/hook` }
    const ask = () =>
      t.asRoot('POST', path, { body: { name: 'once', target }, headers: { 'idempotency-key': 'make-it-once' } })
    const [first, second] = [await ask(), await ask()]
    expect(second.body).toEqual(first.body)
    expect(second.headers.get('idempotency-replayed')).toBe('true')
  })

  it('are listed by page, kind and state', async () => {
    const email = await make({ target: { kind: 'email', to: ['ops@example.com'] } })
    const listed = async (query: string) => pageSchema.parse((await t.asRoot('GET', `${path}?${query}`)).body).data
    expect((await listed('kind=email')).map(({ id }) => id)).toEqual([email.id])
    expect(await listed('state=disabled')).toEqual([])
    expect((await listed('limit=1'))[0]?.id).toBe(email.id)
    expect((await listed(`limit=200&cursor=${email.id}`)).map(({ id }) => id)).not.toContain(email.id)
  })

  it('are changed, paused and removed, and the audit log tells of each', async () => {
    const { id } = await make()
    const quietHours = { from: '22:00', to: '07:00', timeZone: 'Europe/Berlin' }
    const changed = await t.asRoot('PATCH', `${path}/${id}`, { body: { groupSeconds: 0, quietHours, state: 'paused' } })
    expect(changed.body).toMatchObject({ id, groupSeconds: 0, quietHours, state: 'paused' })
    expect((await t.asRoot('PATCH', `${path}/${id}`, { body: { quietHours: null } })).body).toMatchObject({
      ...{ groupSeconds: 0, quietHours: null, state: 'paused' },
    })
    expect((await t.asRoot('DELETE', `${path}/${id}`)).status).toBe(204)
    expect(codeOf(await t.asRoot('GET', `${path}/${id}`))).toBe('SINK_NOT_FOUND')
    const { text } = await t.asRoot('GET', '/v1/audit')
    for (const action of ['sink.created', 'sink.updated', 'sink.removed']) expect(text).toContain(action)
  })

  it.each([
    ['a name that is taken', { name: 'ON CALL' }, 'CONFLICT'],
    ['a target of no kind', { target: { kind: 'pigeon' } }, 'VALIDATION_FAILED'],
    ['another protocol', { target: { kind: 'webhook', url: 'file:///etc/passwd' } }, 'VALIDATION_FAILED'],
    ['a login in a URL', { target: { kind: 'webhook', url: 'https://me:secret@example.com' } }, 'VALIDATION_FAILED'],
    [
      'a header in an address',
      { target: { kind: 'email', to: ['a@example.com\r\nBcc: b@c.de'] } },
      'VALIDATION_FAILED',
    ],
    ['nobody', { target: { kind: 'email', to: [] } }, 'VALIDATION_FAILED'],
    ['no such zone', { quietHours: { from: '22:00', to: '07:00', timeZone: 'Mars/Olympus' } }, 'VALIDATION_FAILED'],
    ['no such time', { quietHours: { from: '24:00', to: '07:00', timeZone: 'UTC' } }, 'VALIDATION_FAILED'],
    ['a quiet day', { quietHours: { from: '07:00', to: '07:00', timeZone: 'UTC' } }, 'VALIDATION_FAILED'],
    ['an hour of grouping and more', { groupSeconds: 3601 }, 'VALIDATION_FAILED'],
    ['a line in a name', { name: 'two\nlines' }, 'VALIDATION_FAILED'],
    ['what there is not', { colour: 'red' }, 'VALIDATION_FAILED'],
  ])('refuse %s', async (_, change, code) => {
    const target = { kind: 'webhook', url: `${receiver.url}/hook` }
    expect(codeOf(await t.asRoot('POST', path, { body: { name: 'refused', target, ...change } }))).toBe(code)
  })

  it('refuse changes that are none, or of another kind', async () => {
    const { id } = await make()
    const change = async (body: object) => codeOf(await t.asRoot('PATCH', `${path}/${id}`, { body }))
    expect(await change({})).toBe('VALIDATION_FAILED')
    expect(await change({ target: { kind: 'email', to: ['ops@example.com'] } })).toBe('VALIDATION_FAILED')
    expect(await change({ state: 'disabled' })).toBe('VALIDATION_FAILED')
    expect(await change({ name: 'on call' })).toBe('CONFLICT')
  })

  it('take a scope to look and another to change', async () => {
    const { id } = await make()
    const reader = await t.as('alerts:read')
    const writer = await t.as('alerts:write')
    for (const at of [path, `${path}/${id}`, `${path}/${id}/deliveries`]) {
      expect((await reader('GET', at)).status).toBe(200)
      expect(codeOf(await writer('GET', at))).toBe('FORBIDDEN')
    }
    expect(codeOf(await reader('POST', `${path}/${id}/test`))).toBe('FORBIDDEN')
    expect((await writer('POST', `${path}/${id}/test`)).status).toBe(200)
  })
})

describe('a test of a sink', () => {
  const deliveries = async (id: string) =>
    pageSchema.parse((await t.asRoot('GET', `${path}/${id}/deliveries`)).body).data

  it('is sent at once, and stands among the deliveries', async () => {
    const { id } = await make()
    const before = receiver.requests.length
    const { body } = await t.asRoot('POST', `${path}/${id}/test`)
    expect(body).toEqual({ delivered: true, status: 204, durationMs: expect.any(Number) })
    expect(JSON.parse(receiver.requests[before]?.body ?? '')).toMatchObject({ type: 'alert.test' })
    const [delivery] = await deliveries(id)
    expect(delivery).toMatchObject({
      ...{ sinkId: id, state: 'delivered', test: true, alerts: 0, attempts: 1, lastStatus: 204, lastError: null },
      ...{ nextAttemptAt: null, summary: 'a test' },
    })
    expect(receiver.requests[before]?.headers['webhook-id']).toBe(delivery?.id)
    expect(codeOf(await t.asRoot('POST', `/v1/alert-deliveries/${delivery?.id}/redeliver`))).toBe('CONFLICT')
  })

  it('tells what went wrong, and disables nothing', async () => {
    const { id } = await make()
    receiver.inject({ kind: 'status', status: 410 })
    const { body } = await t.asRoot('POST', `${path}/${id}/test`)
    expect(body).toMatchObject({ delivered: false, status: 410, error: expect.stringContaining('410') })
    expect((await t.asRoot('GET', `${path}/${id}`)).body).toMatchObject({ state: 'active' })
    expect(await deliveries(id)).toMatchObject([{ state: 'failed', lastStatus: 410 }])
    const within = await make({ target: { kind: 'webhook', url: 'http://127.0.0.1:1/' } })
    expect((await t.asRoot('POST', `${path}/${within.id}/test`)).body).toMatchObject({
      ...{ delivered: false, error: expect.stringContaining('ALERT_SINK_HOSTS') },
    })
  })
})

describe('secrets and deliveries', () => {
  it('of a webhook are replaced, and of nothing else', async () => {
    const { id, secret } = await make()
    const rotated = await t.asRoot('POST', `${path}/${id}/rotate-secret`, { body: { overlapSeconds: 60 } })
    const sink = sinkSchema.parse(rotated.body)
    noteSecret(sink.secret ?? '')
    expect(sink.secret).not.toBe(secret)
    expect(sink['previousSecretUntil']).toEqual(expect.any(String))
    const email = await make({ target: { kind: 'email', to: ['ops@example.com'] } })
    expect(codeOf(await t.asRoot('POST', `${path}/${email.id}/rotate-secret`, { body: {} }))).toBe('CONFLICT')
  })

  it('are not found where there are none', async () => {
    const nothing = '019a2b3c-4d5e-7f60-8a9b-0c1d2e3f4a5b'
    const answers = await Promise.all([
      t.asRoot('PATCH', `${path}/${nothing}`, { body: { name: 'other' } }),
      t.asRoot('DELETE', `${path}/${nothing}`),
      t.asRoot('POST', `${path}/${nothing}/test`),
      t.asRoot('POST', `${path}/${nothing}/rotate-secret`, { body: {} }),
      t.asRoot('GET', `${path}/${nothing}/deliveries`),
    ])
    for (const answer of answers) expect(codeOf(answer)).toBe('SINK_NOT_FOUND')
    expect(codeOf(await t.asRoot('POST', `/v1/alert-deliveries/${nothing}/redeliver`))).toBe('DELIVERY_NOT_FOUND')
  })
})
