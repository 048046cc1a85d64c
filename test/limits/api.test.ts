import { createClient as createMomentryClient } from '@momentry/client/client.ts'
import { requireKey } from '@momentry/client/middleware/hono.ts'
import type { AnomalyAlert } from '@momentry/shared/alerts/alert.ts'
import { createChangePublisher } from '@momentry/shared/keys/changes/publish.ts'
import { resetLimits } from '@momentry/shared/keys/limits/reset.ts'
import { createId } from '@momentry/shared/platform/id.ts'
import { createLogger } from '@momentry/shared/platform/process/log.ts'
import { isRedisUnavailable } from '@momentry/shared/platform/redis/client.ts'
import { actOnAnomaly } from '@momentry/shared/rotation/policy/act.ts'
import { Hono } from 'hono'
import { afterAll, beforeAll, describe, expect, it } from 'vitest'
import { z } from 'zod'
import { type Call, codeOf, createClient, makeKey } from '../api/client.ts'
import { type Harness, startHarness } from '../api/harness.ts'
import { createTestContext } from '../rotation/context.ts'
import { startProcess, type TestProcess } from '../support/processes/processes.ts'
import { createWorkbench } from '../support/workbench.ts'

const settings = { TRUSTED_PROXIES: '127.0.0.1', RATE_LIMIT_MAX_ATTEMPTS: '1000' }

let t: Harness
let others: TestProcess[]
/** Nobody's calls, to each of three processes. */
let everywhere: Call[]
beforeAll(async () => {
  t = await startHarness(settings)
  const start = () => startProcess('api', { ...t.stores.env, ...settings })
  others = await Promise.all([start(), start()])
  everywhere = [t.api, ...others].map(({ url }) => createClient(url))
})
afterAll(async () => {
  await Promise.all(others.map((process) => process.stop()))
  await t.close()
})

const burstOf = (requests: number) => ({ rateLimits: [{ name: 'burst', requests, windowSeconds: 600 }] })
const make = (policy: object, input: object = {}) => makeKey(t.asRoot, { ...input, policy })
const validate = (body: object, call: Call = t.asAnyone) => call('POST', '/v1/keys/validate', { body })
const overLimit = 'https://iana.org/assignments/http-problem-types#quota-exceeded'
const abnormal = 'https://iana.org/assignments/http-problem-types#abnormal-usage-detected'

/** Validates so many times at once, by turns at each process; gives the codes, counted. */
async function codesOf(body: object, times: number): Promise<Record<string, number>> {
  const calls = Array.from({ length: times }, (_, n) => validate(body, everywhere[n % everywhere.length]))
  const codes = (await Promise.all(calls)).map(codeOf)
  return Object.fromEntries([...Map.groupBy(codes, (code) => code)].map(([code, all]) => [code, all.length]))
}

describe('a key with limits', () => {
  it('is told in body and headers what is left, and when to come back', async () => {
    const { key } = await make({ ...burstOf(2), quota: { requests: 50, refill: 'daily' } })
    const first = await validate({ key })
    expect(first.body).toMatchObject({
      valid: true,
      limits: [
        { name: 'burst', limit: 2, remaining: 1, windowSeconds: 600 },
        { name: 'quota', limit: 50, remaining: 49, windowSeconds: 86_400 },
      ],
    })
    expect(first.headers.get('ratelimit-policy')).toBe('"burst";q=2;w=600, "quota";q=50;w=86400')
    expect(first.headers.get('ratelimit')).toMatch(/^"burst";r=1;t=(600|59\d), "quota";r=49;t=\d+$/)
    await validate({ key })
    const over = await validate({ key })
    expect(over.status).toBe(200)
    expect(over.body).toMatchObject({ valid: false, code: 'RATE_LIMITED', problemType: overLimit })
    const { retryAfterSeconds } = z.object({ retryAfterSeconds: z.int() }).parse(over.body)
    expect(retryAfterSeconds).toBeGreaterThan(500)
    expect(over.headers.get('ratelimit')).toMatch(/^"burst";r=0;t=\d+, "quota";r=48;t=\d+$/)
  })

  it('is held to them over three processes under load: never over, and no more than a twentieth unused', async () => {
    const { key } = await make(burstOf(200))
    const { VALID = 0, RATE_LIMITED } = await codesOf({ key }, 600)
    expect(VALID).toBeLessThanOrEqual(200)
    expect(VALID).toBeGreaterThanOrEqual(190)
    expect(RATE_LIMITED).toBe(600 - VALID)
  })

  it('spends a quota exactly over three processes, and once for a request that comes again', async () => {
    const { key } = await make({ quota: { requests: 30, refill: 'monthly' } })
    expect(await codesOf({ key, requestId: 'the same' }, 9)).toEqual({ VALID: 9 })
    expect(await codesOf({ key }, 90)).toEqual({ VALID: 29, QUOTA_EXCEEDED: 61 })
    expect(await codesOf({ key, requestId: 'the same' }, 3)).toEqual({ VALID: 3 })
  })

  it('has other limits as soon as its policy has', async () => {
    const { id, key } = await make(burstOf(3))
    expect(await codesOf({ key }, 9)).toEqual({ VALID: 3, RATE_LIMITED: 6 })
    await t.asRoot('PATCH', `/v1/keys/${id}`, { body: { policy: {} } })
    await expect.poll(() => codesOf({ key }, 9)).toEqual({ VALID: 9 })
  })

  it('can be looked at without spending, and begins anew everywhere when it is reset', async () => {
    const { id, key } = await make({ ...burstOf(3), quota: { requests: 100, refill: 'daily' } })
    expect(await codesOf({ key }, 9)).toEqual({ VALID: 3, RATE_LIMITED: 6 })
    const look = async () => (await t.asRoot('GET', `/v1/keys/${id}/limits`)).body
    const used = [
      { name: 'burst', limit: 3, remaining: 0, windowSeconds: 600 },
      { name: 'quota', limit: 100, remaining: 97 },
    ]
    expect(await look()).toMatchObject({ keyId: id, limits: used, throttledUntil: null })
    expect(await look()).toMatchObject({ limits: used })
    expect((await t.asRoot('POST', `/v1/keys/${id}/limits/reset`)).status).toBe(204)
    expect(await look()).toMatchObject({ limits: [{ remaining: 3, resetSeconds: 0 }, { remaining: 100 }] })
    await expect.poll(() => codesOf({ key }, 9)).toEqual({ VALID: 3, RATE_LIMITED: 6 })
    expect((await t.asRoot('GET', `/v1/audit?keyId=${id}`)).body).toMatchObject({
      data: [{ action: 'key.limits-reset', actorKeyId: t.root.keyId }, { action: 'key.created' }],
    })
    const unknown = await t.asRoot('GET', `/v1/keys/${createId()}/limits`)
    expect(unknown).toMatchObject({ status: 404, body: { code: 'KEY_NOT_FOUND' } })
  })

  it('is held to them at Momentry itself, and the key that it asks about has its own', async () => {
    const caller = await make(burstOf(3), { scopes: ['keys:read', 'keys:validate'] })
    const asked = await make(burstOf(50))
    const call = createClient(t.api.url, caller.key)
    const read = await call('GET', '/v1/keys')
    expect([read.status, read.headers.get('ratelimit-policy')]).toEqual([200, '"burst";q=3;w=600'])
    const verdict = await validate({ key: asked.key }, call)
    expect(verdict.headers.get('ratelimit-policy')).toBe('"burst";q=50;w=600')
    expect(verdict.body).toMatchObject({ limits: [{ remaining: 49 }] })
    const plain = await validate({ key: (await make({})).key }, call)
    expect(plain.headers.has('ratelimit')).toBe(false)
    for (const over of [await call('GET', '/v1/keys'), await validate({ key: asked.key }, call)]) {
      expect(over).toMatchObject({
        status: 429,
        body: { type: overLimit, code: 'RATE_LIMITED', 'violated-policies': ['burst'] },
      })
      expect(Number(over.headers.get('retry-after'))).toBeGreaterThan(500)
      expect(over.headers.get('ratelimit')).toMatch(/^"burst";r=0;t=\d+$/)
    }
  })

  it('is counted by services that have a memory of verdicts, also for requests that come at once', async () => {
    const { key } = await make(burstOf(4))
    const service = await makeKey(t.asRoot, { scopes: ['keys:validate'] })
    const client = createMomentryClient({ url: t.api.url ?? '', apiKey: service.key })
    const app = new Hono().use(requireKey({ client, onError: (error) => expect.unreachable(String(error)) }))
    app.get('/', (c) => c.text('hello'))
    const get = async () => app.request('/', { headers: { authorization: `Bearer ${key}` } })
    const answers = await Promise.all(Array.from({ length: 7 }, get))
    expect(answers.map(({ status }) => status).sort()).toEqual([200, 200, 200, 200, 429, 429, 429])
    const over = await get()
    expect(Number(over.headers.get('retry-after'))).toBeGreaterThan(500)
    expect(over.headers.get('ratelimit-policy')).toBe('"burst";q=4;w=600')
    expect(await over.json()).toMatchObject({ type: overLimit, code: 'RATE_LIMITED' })
  })

  it('stays as it is where Redis cannot be asked to let it begin anew', async () => {
    const { id } = await make(burstOf(4))
    const bench = await createWorkbench(t.stores.env)
    const context = createTestContext(bench.postgres, Date.now)
    bench.redis.disconnect()
    await expect(resetLimits(context, bench, id)).rejects.toSatisfy(isRedisUnavailable)
    await bench.close()
    expect((await t.asRoot('GET', `/v1/audit?keyId=${id}`)).body).toMatchObject({ data: [{ action: 'key.created' }] })
  })

  it('says so where its quota is used up', async () => {
    const { key } = await make({ quota: { requests: 1, refill: 'daily' } }, { scopes: ['keys:read'] })
    const call = createClient(t.api.url, key)
    expect((await call('GET', '/v1/keys')).status).toBe(200)
    const over = await call('GET', '/v1/keys')
    expect(over).toMatchObject({ status: 429, body: { code: 'QUOTA_EXCEEDED', 'violated-policies': ['quota'] } })
    expect(Number(over.headers.get('retry-after'))).toBeGreaterThan(0)
    // It can fetch a successor all the same, if there is one.
    expect(codeOf(await call('POST', '/v1/keys/self/claim'))).toBe('NOT_CLAIMABLE')
  })

  it.each([
    { rateLimits: [{ name: 'quota', requests: 1, windowSeconds: 1 }] },
    { quota: { requests: 0, refill: 'daily' } },
    { allowedAddresses: ['10.0.0.1/8'] },
    { throttle: { requestsPerMinute: 0 } },
  ])('is not made with %j', async (policy) => {
    const answer = await t.asRoot('POST', '/v1/keys', { body: { type: 'service', name: 'x', policy } })
    expect(answer).toMatchObject({ status: 400, body: { code: 'VALIDATION_FAILED' } })
  })
})

const anomalyOf = (keyId: string): AnomalyAlert['data'] => ({
  ...{ id: createId(), keyId, keyName: 'test', keyType: 'service', rule: 'high_request_rate', severity: 'high' },
  ...{ observed: 5000, threshold: 1000, explanation: '5000 requests in 60 s' },
  window: { start: new Date().toISOString(), end: new Date().toISOString() },
})

/** Lets the policy of a key act on an anomaly, as the alerter does. */
async function actAsAlerter(anomaly: AnomalyAlert['data']) {
  const bench = await createWorkbench(t.stores.env)
  const { redis, names, postgres } = bench
  const log = createLogger({ name: 'test', level: 'silent' })
  const publishChanges = createChangePublisher({ db: postgres.db, redis, names, log })
  const context = { ...createTestContext(postgres, Date.now), publishChanges }
  try {
    return await actOnAnomaly(context, { announce: async () => undefined }, anomaly)
  } finally {
    await bench.close()
  }
}

describe('a key that an anomaly slows down', () => {
  it('is held to what its policy says, told why, and freed by a reset', async () => {
    const { id, key } = await make({ onAnomaly: 'throttle', throttle: { requestsPerMinute: 2, forSeconds: 600 } })
    expect(await codesOf({ key }, 9)).toEqual({ VALID: 9 })
    const told = await actAsAlerter(anomalyOf(id))
    expect(told).toMatchObject({ data: { action: 'throttle', explanation: "the key's policy slowed the key down" } })
    await expect.poll(async () => (await validate({ key })).body).toMatchObject({ limits: [{ name: 'throttle' }] })
    await expect.poll(() => codesOf({ key }, 9)).toEqual({ RATE_LIMITED: 9 })
    expect((await validate({ key })).body).toMatchObject({
      problemType: abnormal,
      limits: [{ limit: 2, remaining: 0 }],
    })
    const shown = z
      .looseObject({ throttledUntil: z.iso.datetime() })
      .parse((await t.asRoot('GET', `/v1/keys/${id}`)).body)
    expect((await t.asRoot('GET', `/v1/keys/${id}/limits`)).body).toMatchObject({
      throttledUntil: shown.throttledUntil,
    })
    await t.asRoot('POST', `/v1/keys/${id}/limits/reset`)
    await expect.poll(() => codesOf({ key }, 9)).toEqual({ VALID: 9 })
  })
})

describe('a key that is bound to addresses', () => {
  const from = (address: string) => ({ 'x-forwarded-for': address })
  const allowedAddresses = ['203.0.113.0/24', '2001:db8::/32']

  it('is good from those alone, as a trusted caller names them or the socket tells', async () => {
    const { key } = await make({ allowedAddresses })
    const trusted = await t.as('keys:validate')
    const ask = async (clientIp?: string) => validate({ key, ...(clientIp && { clientIp }) }, trusted)
    expect((await ask('203.0.113.9')).body).toMatchObject({ valid: true, addressBound: true })
    expect(codeOf(await ask('::ffff:203.0.113.9'))).toBe('VALID')
    expect(codeOf(await ask('2001:db8::7'))).toBe('VALID')
    for (const address of ['203.0.114.1', '2001:db9::7', undefined])
      expect(codeOf(await ask(address))).toBe('IP_NOT_ALLOWED')
    const untrusted = { body: { key, clientIp: '203.0.113.9' }, headers: from('192.0.2.1') }
    expect(codeOf(await t.asAnyone('POST', '/v1/keys/validate', untrusted))).toBe('IP_NOT_ALLOWED')
    const inside = { body: { key }, headers: from('203.0.113.9') }
    expect(codeOf(await t.asAnyone('POST', '/v1/keys/validate', inside))).toBe('VALID')
  })

  it('opens Momentry itself from those alone', async () => {
    const { key } = await make({ allowedAddresses }, { scopes: ['keys:read'] })
    const call = createClient(t.api.url, key)
    expect((await call('GET', '/v1/keys', { headers: from('203.0.113.9') })).status).toBe(200)
    const refused = await call('GET', '/v1/keys', { headers: from('192.0.2.1') })
    expect(refused).toMatchObject({ status: 403, body: { code: 'IP_NOT_ALLOWED' } })
  })
})

describe('a scope expression', () => {
  it('is checked beside the scopes, and refused where it cannot be read', async () => {
    const { key } = await make({}, { scopes: ['keys:read', 'admin'] })
    const ask = async (scopeExpression: string, scopes?: string[]) =>
      validate({ key, scopeExpression, ...(scopes && { scopes }) })
    expect(codeOf(await ask('keys:read AND (billing OR admin)'))).toBe('VALID')
    expect(codeOf(await ask('keys:read AND billing'))).toBe('INSUFFICIENT_SCOPE')
    expect(codeOf(await ask('admin', ['billing']))).toBe('INSUFFICIENT_SCOPE')
    expect(await ask('admin AND')).toMatchObject({
      status: 400,
      body: {
        code: 'VALIDATION_FAILED',
        errors: [{ pointer: '/scopeExpression', detail: 'at character 10: a scope or ( is expected' }],
      },
    })
  })
})
