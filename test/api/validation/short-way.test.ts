import { readConfig } from '@momentry/shared/config.ts'
import { makeSecret } from '@momentry/shared/keys/secret.ts'
import { createLogger } from '@momentry/shared/platform/process/log.ts'
import fc from 'fast-check'
import { afterAll, beforeAll, expect, it } from 'vitest'
import { createApp } from '../../../apps/api/src/app.ts'
import { createValidationListener } from '../../../apps/api/src/validation/listener.ts'
import { type HttpServer, serveHttp } from '../../../apps/api/src/wiring/serve.ts'
import { createServices, type Services } from '../../../apps/api/src/wiring/services.ts'
import { createBootstrapKey } from '../../support/bootstrap-key.ts'
import { createTestStores, type TestStores } from '../../support/stores.ts'
import { createWorkbench, type Workbench } from '../../support/workbench.ts'
import { type Call, createClient, makeKey } from '../client.ts'

let stores: TestStores
let services: Services
let bench: Workbench
/** The app alone, and the same app with the short way before it. */
let whole: HttpServer
let short: HttpServer
/** Requests that the short way left to the app. */
let left = 0
let asRoot: Call
const secrets: Record<string, string> = {}
const bearers: Record<string, string | undefined> = { none: undefined }

beforeAll(async () => {
  stores = await createTestStores()
  bench = await createWorkbench(stores.env)
  const config = readConfig({ ...stores.env, RATE_LIMIT_MAX_ATTEMPTS: '100000' })
  services = await createServices(config, createLogger({ name: 'test', level: 'silent' }))
  const app = createApp(services)
  whole = await serveHttp(app, { host: '127.0.0.1', port: 0 })
  short = await serveHttp(app, {
    ...{ host: '127.0.0.1', port: 0 },
    before: (listener) =>
      createValidationListener(services, (incoming, outgoing) => {
        left += 1
        return listener(incoming, outgoing)
      }),
  })
  const root = await createBootstrapKey(stores.databaseUrl)
  asRoot = createClient(whole.url, root.key)
  await makeKeys()
})
afterAll(async () => {
  await Promise.all([whole.close(), short.close()])
  await services.close()
  await bench.close()
  await stores.close()
})

async function makeKeys(): Promise<void> {
  const limits = [{ name: 'burst', requests: 100_000, windowSeconds: 3600 }]
  const make = async (name: string, input: object = {}) => {
    const made = await makeKey(asRoot, { name, ...input })
    secrets[name] = made.key
    return made
  }
  await make('good', { scopes: ['a:b', 'c:*'], metadata: { schön: ['€', { deep: null }] }, ownerId: 'o"wner' })
  await make('ends', { expiresAt: '2099-01-01T00:00:00.000Z' })
  await make('limited', { policy: { rateLimits: limits } })
  await make('bound', { policy: { allowedAddresses: ['127.0.0.1', '203.0.113.0/24'] } })
  const revoked = await make('revoked')
  await asRoot('POST', `/v1/keys/${revoked.id}/revoke`, { body: { reason: 'test' } })
  const disabled = await make('disabled')
  await asRoot('PATCH', `/v1/keys/${disabled.id}`, { body: { enabled: false } })
  secrets['unknown'] = makeSecret('user').secret
  secrets['malformed'] = `${makeSecret('user').secret.slice(0, -1)}!`
  bearers['trusted'] = (await makeKey(asRoot, { scopes: ['keys:validate'] })).key
  bearers['limited'] = (await makeKey(asRoot, { scopes: ['keys:validate'], policy: { rateLimits: limits } })).key
  bearers['other'] = (await makeKey(asRoot, { scopes: ['keys:read'] })).key
  bearers['revoked'] = revoked.key
  bearers['unknown'] = secrets['unknown']
}

interface Question {
  body: string
  bearer: string
  headers: Record<string, string>
}

/** An answer without what is new in each: its date, its request's id, and what is left of limits. */
async function ask(server: HttpServer, { body, bearer, headers }: Question) {
  const secret = bearers[bearer]
  const answer = await createClient(server.url, secret)('POST', '/v1/keys/validate', { body, headers })
  const {
    date: _,
    ratelimit,
    'x-request-id': id,
    'content-length': length,
    ...others
  } = Object.fromEntries(answer.headers)
  expect(id).toMatch(/./)
  expect(Number(length)).toBe(Buffer.byteLength(answer.text))
  const told = JSON.parse(answer.text, (name, value: unknown) => (changing.has(name) ? 'changes' : value))
  return { status: answer.status, others, left: ratelimit?.replaceAll(/=\d+/g, ''), told }
}
const changing = new Set(['remaining', 'resetSeconds', 'retryAfterSeconds', 'requestId'])

const some = <T>(value: fc.Arbitrary<T>) => fc.option(value, { nil: undefined })
const right = fc.record({
  key: fc.constantFrom('good', 'ends', 'limited', 'bound', 'revoked', 'disabled', 'unknown', 'malformed'),
  clientIp: some(fc.oneof(fc.ipV4(), fc.ipV6(), fc.constant('203.0.113.9'))),
  scopes: some(fc.array(fc.constantFrom('a:b', 'c:d', 'x'), { maxLength: 3 })),
  scopeExpression: some(fc.constantFrom('a:b AND (x OR c:d)', 'x')),
  requestId: some(fc.string({ minLength: 1, maxLength: 20 })),
  recordUsage: some(fc.boolean()),
})
const question = fc.record({
  body: right.map(({ key, ...rest }) => JSON.stringify({ key: secrets[key], ...rest })),
  bearer: fc.constantFrom('none', 'none', 'trusted', 'limited', 'other', 'revoked', 'unknown'),
  headers: fc.constantFrom({}, {}, { 'x-request-id': 'my-own.id' }, { 'x-forwarded-for': '198.51.100.1' }),
})

it('answers as the whole app does', async () => {
  left = 0
  let asked = 0
  await fc.assert(
    fc.asyncProperty(question, async (each) => {
      asked += 1
      const [shortly, wholly] = [await ask(short, each), await ask(whole, each)]
      expect(shortly).toEqual(wholly)
    }),
    { numRuns: 150 },
  )
  // Some of them are no valid bodies, such as those with a line break in their request's id.
  expect(left).toBeLessThan(asked / 2)
})

it.each<[string, Partial<Question>]>([
  ['no JSON', { body: '{"key":' }],
  ['no object', { body: '["key"]' }],
  ['an unknown field', { body: '{"key":"x","more":1}' }],
  ['a wrong field', { body: '{"key":7}' }],
  ['a body that is too deep', { body: `{"key":"x","scopes":${'['.repeat(50)}${']'.repeat(50)}}` }],
  ['a long body', { body: JSON.stringify({ key: 'x'.repeat(5_000) }) }],
  ['no JSON by its type', { body: '{"key":"x"}', headers: { 'content-type': 'text/plain' } }],
  ['a compressed body', { body: '{"key":"x"}', headers: { 'content-encoding': 'gzip' } }],
  ['a byte-order mark', { body: '\uFEFF{"key":"x"}' }],
  ['a character that stands for broken bytes', { body: '{"key":"\uFFFD"}' }],
  ['a header that is no bearer', { body: '{"key":"x"}', headers: { authorization: 'Basic eDp5' } }],
])('leaves to the app, or answers as it does, %s', async (_, part) => {
  const each = { bearer: 'none', headers: {}, body: '{}', ...part }
  expect(await ask(short, each)).toEqual(await ask(whole, each))
})

it('takes the short way for a good secret, and counts each use once', async () => {
  const { id, key } = await makeKey(asRoot)
  left = 0
  const body = JSON.stringify({ key })
  for (const server of [short, whole, short]) await ask(server, { body, bearer: 'none', headers: {} })
  expect(left).toBe(0)
  await expect.poll(async () => (await bench.readUsage(id)).entries.length).toBe(3)
})
