import { afterAll, beforeAll, describe, expect, it } from 'vitest'
import { createWorkbench, type Workbench } from '../../support/workbench.ts'
import { makeKey } from '../client.ts'
import { type Harness, startHarness } from '../harness.ts'

let t: Harness
let bench: Workbench
let keyId: string
beforeAll(async () => {
  t = await startHarness()
  bench = await createWorkbench(t.stores.env)
  keyId = (await makeKey(t.asRoot)).id
})
afterAll(async () => {
  await bench.close()
  await t.close()
})

const report = (events: unknown, headers: Record<string, string> = {}) =>
  t.asRoot('POST', '/v1/usage', { body: { events }, headers })
const event = (more: object = {}) => ({ keyId, status: 200, ...more })

describe('POST /v1/usage', () => {
  it('takes events with all that they may carry, onto one entry per partition', async () => {
    const before = await bench.backlog()
    const answer = await report([
      event(),
      event({
        id: 'a',
        at: '2015-05-17T10:05:03+02:00',
        ip: '2001:db8::1',
        method: 'GET',
        path: '/x?y',
        latencyMs: 1.5,
      }),
      event({ keyId: keyId.toUpperCase(), status: 503, ip: '192.0.2.1' }),
    ])
    expect(answer).toMatchObject({ status: 202, body: { accepted: 3 } })
    expect(await bench.backlog()).toBe(before + 1)
  })

  it('counts a report once that comes again with its Idempotency-Key, also where several keys are in it', async () => {
    const others = await Promise.all(Array.from({ length: 12 }, () => makeKey(t.asRoot)))
    const events = others.map(({ id }) => event({ keyId: id }))
    const headers = { 'idempotency-key': 'report-1' }
    const before = await bench.backlog()
    expect((await report(events, headers)).status).toBe(202)
    const after = await bench.backlog()
    expect(after).toBeGreaterThan(before + 1)
    expect(await report(events, headers)).toMatchObject({ status: 202, body: { accepted: 12 } })
    expect(await bench.backlog()).toBe(after)
  })

  it('knows a report again that comes with a charset, and so by way of the schema', async () => {
    const headers = { 'idempotency-key': 'report-charset' }
    const events = [event({ ip: '::ffff:192.0.2.1', at: '2026-01-01T00:00:00Z', id: 'i', method: 'GET', path: '/' })]
    expect((await report(events, headers)).status).toBe(202)
    const before = await bench.backlog()
    const withCharset = await t.asRoot('POST', '/v1/usage', {
      body: { events },
      headers: { ...headers, 'content-type': 'application/json; charset=utf-8' },
    })
    expect(withCharset).toMatchObject({ status: 202, body: { accepted: 1 } })
    expect(await bench.backlog()).toBe(before)
  })

  it('refuses an Idempotency-Key that comes with other events, whole', async () => {
    const headers = { 'idempotency-key': 'report-2' }
    await report([event()], headers)
    const before = await bench.backlog()
    expect(await report([event({ status: 500 })], headers)).toMatchObject({
      status: 422,
      body: { code: 'IDEMPOTENCY_KEY_REUSED' },
    })
    expect(await bench.backlog()).toBe(before)
  })

  it('lets two reporters choose the same Idempotency-Key', async () => {
    const other = await t.as('usage:write')
    const headers = { 'idempotency-key': 'report-3' }
    await report([event()], headers)
    const before = await bench.backlog()
    expect((await other('POST', '/v1/usage', { body: { events: [event()] }, headers })).status).toBe(202)
    expect(await bench.backlog()).toBe(before + 1)
  })

  it('takes the ids of events for a name where each has one', async () => {
    const events = [event({ id: 'x1' }), event({ id: 'x2' })]
    await report(events)
    const before = await bench.backlog()
    expect((await report(events)).status).toBe(202)
    expect(await bench.backlog()).toBe(before)
    await report([event({ id: 'x1' }), event()])
    expect(await bench.backlog()).toBe(before + 1)
  })

  it('takes 1,000 events, and no more', async () => {
    expect(await report(Array.from({ length: 1000 }, () => event()))).toMatchObject({
      status: 202,
      body: { accepted: 1000 },
    })
    expect((await report(Array.from({ length: 1001 }, () => event()))).status).toBe(400)
  })

  it('counts an address once, in however many spellings it comes', async () => {
    const { id } = await makeKey(t.asRoot)
    const spellings = [
      '2001:db8::1',
      '2001:DB8::1',
      '2001:0db8:0:0:0:0:0:1',
      '192.0.2.1',
      '::ffff:192.0.2.1',
      '::FFFF:C000:201',
    ]
    expect((await report(spellings.map((ip) => event({ keyId: id, ip })))).status).toBe(202)
    const { entries } = await bench.readUsage(id)
    expect(new Set(entries.map(({ ip }) => ip))).toEqual(new Set(['2001:db8::1', '192.0.2.1']))
  })

  const soon = () => new Date(Date.now() + 61_000).toISOString()
  it.each<[what: string, events: () => unknown, pointer: string]>([
    ['no event', () => [], '/events'],
    ['an unknown key', () => [event(), event({ keyId: '00000000-0000-4000-8000-000000000000' })], '/events/1/keyId'],
    ['no key', () => [{ status: 200 }], '/events/0/keyId'],
    ['a time more than 60 s ahead', () => [event({ at: soon() })], '/events/0/at'],
    ['a time before 1970', () => [event({ at: '1969-12-31T23:59:59Z' })], '/events/0/at'],
    ['a time without a zone', () => [event({ at: '2026-01-01T00:00:00' })], '/events/0/at'],
    ['an address that is none', () => [event({ ip: '300.1.1.1' })], '/events/0/ip'],
    ['a status that is none', () => [event({ status: 42 })], '/events/0/status'],
    ['an id twice', () => [event({ id: 'd' }), event({ id: 'd' })], '/events/1/id'],
    ['a field that is not known', () => [event({ secret: 'x' })], '/events/0/secret'],
  ])('refuses %s, points at it, and takes nothing', async (_what, events, pointer) => {
    const before = await bench.backlog()
    const answer = await report(events())
    expect(answer).toMatchObject({ status: 400, body: { code: 'VALIDATION_FAILED', errors: [{ pointer }] } })
    expect(await bench.backlog()).toBe(before)
  })

  it('needs a key with usage:write', async () => {
    const options = { body: { events: [event()] } }
    expect((await t.asAnyone('POST', '/v1/usage', options)).status).toBe(401)
    expect((await (await t.as('keys:write'))('POST', '/v1/usage', options)).status).toBe(403)
    expect((await (await t.as('usage:write'))('POST', '/v1/usage', options)).status).toBe(202)
  })
})
