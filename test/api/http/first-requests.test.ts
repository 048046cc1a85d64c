import { readConfig } from '@momentry/shared/config.ts'
import { createLogger } from '@momentry/shared/platform/process/log.ts'
import { afterAll, beforeAll, describe, expect, it } from 'vitest'
import { createFirstApp } from '../../../apps/api/src/app/first.ts'
import { openApp } from '../../../apps/api/src/app/open.ts'
import { createApp } from '../../../apps/api/src/app.ts'
import { createServices, type Services } from '../../../apps/api/src/wiring/services.ts'
import { type BootstrapKey, createBootstrapKey } from '../../support/bootstrap-key.ts'
import { createTestStores, type TestStores } from '../../support/stores.ts'

let stores: TestStores
let services: Services
let root: BootstrapKey

beforeAll(async () => {
  stores = await createTestStores()
  services = await createServices(readConfig(stores.env), createLogger({ name: 'test', level: 'silent' }))
  root = await createBootstrapKey(stores.databaseUrl)
})
afterAll(async () => {
  await services.close()
  await stores.close()
})

interface Ask {
  method?: string
  path: string
  body?: string
  headers?: Record<string, string>
}

function makeRequest({ method = 'GET', path, body, headers }: Ask): Request {
  return new Request(`http://localhost${path}`, {
    method,
    headers: {
      authorization: `Bearer ${root.key}`,
      'x-request-id': 'first-requests',
      ...(body !== undefined && { 'content-type': 'application/json' }),
      ...headers,
    },
    ...(body !== undefined && { body }),
  })
}

async function read(answer: Response | Promise<Response>) {
  const got = await answer
  return { status: got.status, headers: Object.fromEntries(got.headers), text: await got.text() }
}

const asks: [string, Ask][] = [
  ['a check of a secret', { method: 'POST', path: '/v1/keys/validate', body: '{"key":"mk_x"}' }],
  ['a check without a body', { method: 'POST', path: '/v1/keys/validate' }],
  ['a report of usage that is not valid', { method: 'POST', path: '/v1/usage', body: '{"events":[]}' }],
  ['a report of usage without a key', { method: 'POST', path: '/v1/usage', headers: { authorization: '' } }],
  ['whether it lives', { path: '/healthz' }],
  ['whether it lives, without a body', { method: 'HEAD', path: '/healthz' }],
  ['whether it is ready', { path: '/readyz' }],
  ['a list of keys', { path: '/v1/keys' }],
  ['a list without a key', { path: '/v1/keys', headers: { authorization: '' } }],
  ['a path that is not as declared', { path: '/v1/backups/none' }],
  ['a body that is too large', { method: 'POST', path: '/v1/keys', headers: { 'content-length': '9999999' } }],
  ['a compressed body', { method: 'POST', path: '/v1/keys', headers: { 'content-encoding': 'gzip' } }],
  ['a body that is no JSON', { method: 'POST', path: '/v1/integrations/connections', body: '{' }],
  ['a key that is not there', { path: '/v1/keys/019a0000-0000-7000-8000-000000000000' }],
  ['another method of a route that is there', { method: 'PUT', path: '/v1/usage' }],
  ['a method that a first route lacks and no other has', { path: '/v1/keys/validate', method: 'DELETE' }],
  ['a wrong method of a route that is not there yet', { method: 'PUT', path: '/v1/backups' }],
  ['no route', { path: '/v1/nothing' }],
  ['no path of the API', { path: '/nothing' }],
  ['a route in another spelling', { path: '/v1/%75sage', method: 'POST' }],
  ['the root', { path: '/' }],
  ['the document', { path: '/openapi.json' }],
]

describe('an api that has just started', () => {
  it.each(asks)('answers as the whole app does, asked first and by two at once: %s', async (_, ask) => {
    const app = openApp(services)
    const answers = await Promise.all([read(app.fetch(makeRequest(ask))), read(app.fetch(makeRequest(ask)))])
    const whole = await read(createApp(services).fetch(makeRequest(ask)))
    expect(answers).toEqual([whole, whole])
  })

  it('has first routes that are all in the document of the whole', async () => {
    const whole = createApp(services)
    const known = new Set(whole.routes.map(({ method, path }) => `${method} ${path}`))
    const routes = createFirstApp(services).routes.filter(({ path }) => !path.endsWith('*'))
    expect(routes.length).toBeGreaterThan(0)
    for (const { method, path } of routes) {
      expect(known).toContain(`${method} ${path}`)
      // A pattern among them could take what another route of the whole is for.
      expect(path).not.toMatch(/[:{*]/)
    }
  })

  it('measures the first request to a route by its pattern', async () => {
    const count = async () => {
      const { values } = await services.metrics.requests.get()
      const counts = values.filter(({ metricName }) => metricName?.endsWith('_count'))
      return new Map(counts.map(({ labels, value }) => [`${labels.route} ${labels.status}`, value]))
    }
    const before = await count()
    const app = openApp(services)
    await app.fetch(makeRequest({ path: '/v1/keys/019a0000-0000-7000-8000-000000000000' }))
    await app.fetch(makeRequest({ path: '/v1/nothing' }))
    const added = [...(await count())].map(([name, value]) => [name, value - (before.get(name) ?? 0)])
    expect(added.filter(([, value]) => value !== 0)).toEqual([
      ['/v1/keys/:id 404', 1],
      ['unmatched 404', 1],
    ])
  })

  it('loads the rest once, also by those who come together', async () => {
    const app = openApp(services)
    expect(app.complete()).toBe(app.complete())
    await app.complete()
    expect((await read(app.fetch(makeRequest({ path: '/v1/keys' })))).status).toBe(200)
  })
})
