import { createClient, type MomentryClient } from '@momentry/client/client.ts'
import { createUsageReporter, type UsageReporter } from '@momentry/client/usage/reporter.ts'
import { makeSecret } from '@momentry/shared/keys/secret.ts'
import { afterAll, beforeAll, describe, expect, it } from 'vitest'
import { makeKey } from '../api/client.ts'
import { type Harness, startHarness } from '../api/harness.ts'
import { createBootstrapKey } from '../support/bootstrap-key.ts'
import { createWorkbench, type Workbench } from '../support/workbench.ts'
import { eventually } from './support/eventually.ts'
import { frameworks, type Service } from './support/services.ts'

let t: Harness
let bench: Workbench
let client: MomentryClient
let usage: UsageReporter

beforeAll(async () => {
  t = await startHarness({ RATE_LIMIT_MAX_ATTEMPTS: '3' })
  bench = await createWorkbench(t.stores.env)
  const scopes = ['keys:validate', 'usage:write']
  const { key } = await createBootstrapKey(t.stores.databaseUrl, { type: 'service', scopes })
  client = createClient({ url: t.api.url ?? '', apiKey: key })
  usage = createUsageReporter({ client, flushEveryMs: 20 })
})
afterAll(async () => {
  await usage.close()
  await bench.close()
  await t.close()
})

/** Calls a service with a secret. */
const call = (service: Service, path: string, secret?: string, headers: Record<string, string> = {}) =>
  fetch(`${service.url}${path}`, {
    headers: { ...(secret !== undefined && { authorization: `Bearer ${secret}` }), ...headers },
  })

/** What was reported of a key, as soon as it is as much as that. What Momentry itself notes of a use has no latency. */
async function usageOf(keyId: string, count: number) {
  const read = async () => (await bench.readUsage(keyId)).entries.filter(({ latencyMs }) => latencyMs !== undefined)
  await eventually(read).toHaveLength(count)
  return read()
}

describe.each(frameworks)('middleware for %s', (_, start) => {
  let service: Service
  let strict: Service
  beforeAll(async () => {
    service = await start({ client, usage })
    strict = await start({ client, usage, header: 'X-Api-Key', scopes: ['a:b'], realm: 'shop' })
  })
  afterAll(async () => {
    await service.close()
    await strict.close()
  })

  it('lets a good key in, tells handlers whose it is, and reports the outcome', async () => {
    const { id, key } = await makeKey(t.asRoot)
    const answer = await call(service, '/hello', key)
    expect(answer.status).toBe(200)
    expect(await answer.json()).toEqual({ keyId: id })
    expect(answer.headers.get('deprecation')).toBeNull()
    await (await call(service, '/teapot', key)).text()
    await (await call(service, '/broken', key)).text()
    const entries = await usageOf(id, 3)
    expect(entries).toMatchObject([
      { status: 200, ip: '127.0.0.1', latencyMs: expect.any(Number) },
      { status: 418, ip: '127.0.0.1' },
      { status: 500, ip: '127.0.0.1' },
    ])
  })

  it.each([
    ['no key', {}],
    ['another scheme', { authorization: 'Basic dTpw' }],
    ['no secret', { authorization: 'Bearer ' }],
  ])('refuses %s', async (_, headers) => {
    const answer = await call(service, '/hello', undefined, headers)
    expect(answer.status).toBe(401)
    expect(answer.headers.get('content-type')).toMatch('application/problem+json')
    expect(answer.headers.get('www-authenticate')).toBe('Bearer realm="api"')
    expect(await answer.json()).toMatchObject({ status: 401, code: 'UNAUTHENTICATED' })
  })

  it('refuses a key that is no longer good, and reports that', async () => {
    const { id, key } = await makeKey(t.asRoot)
    await t.asRoot('POST', `/v1/keys/${id}/revoke`, { body: {} })
    const answer = await call(service, '/hello', key)
    expect(answer.status).toBe(401)
    expect(answer.headers.get('www-authenticate')).toBe('Bearer realm="api", error="invalid_token"')
    expect(await answer.json()).toMatchObject({ code: 'REVOKED' })
    expect(await usageOf(id, 1)).toMatchObject([{ status: 401, ip: '127.0.0.1' }])
  })

  it('asks for scopes, in a header of its own', async () => {
    const narrow = await makeKey(t.asRoot, { scopes: ['a'] })
    const wide = await makeKey(t.asRoot, { scopes: ['a:*'] })
    expect((await call(strict, '/hello', wide.key)).status).toBe(401)
    expect((await call(strict, '/hello', undefined, { 'x-api-key': wide.key })).status).toBe(200)
    const answer = await call(strict, '/hello', undefined, { 'x-api-key': narrow.key })
    expect(answer.status).toBe(403)
    expect(answer.headers.get('www-authenticate')).toBe(
      'ApiKey realm="shop", header="X-Api-Key", error="insufficient_scope", scope="a:b"',
    )
    expect(await usageOf(narrow.id, 1)).toMatchObject([{ status: 403 }])
  })

  it('locks out who guesses, by the address that guesses', async () => {
    // All calls here come from one address, so a service behind a proxy is needed to tell this test from the others.
    const address = `203.0.113.${frameworks.findIndex(([, each]) => each === start) + 1}`
    const guessed = await start({ client: { validate: (s, o) => client.validate(s, { ...o, clientIp: address }) } })
    const guess = () => call(guessed, '/hello', makeSecret('user').secret)
    await eventually(async () => (await guess()).status).toBe(429)
    const answer = await guess()
    expect(Number(answer.headers.get('retry-after'))).toBeGreaterThan(0)
    expect(await answer.json()).toMatchObject({ status: 429, code: 'LOCKED_OUT' })
    await guessed.close()
  })
})
