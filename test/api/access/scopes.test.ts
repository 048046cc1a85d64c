import { afterAll, beforeAll, describe, expect, it } from 'vitest'
import { createBootstrapKey } from '../../support/bootstrap-key.ts'
import { codeOf, createClient, makeKey } from '../client.ts'
import { type Harness, shareHarness } from '../harness.ts'

let t: Harness
let id: string
beforeAll(async () => {
  t = await shareHarness()
  id = (await makeKey(t.asRoot, { scopes: ['a:read'] })).id
})
afterAll(() => t.close())

const routes: [method: string, path: () => string, scope: string, body?: unknown][] = [
  ['POST', () => '/v1/keys', 'keys:write', { type: 'service', name: 'x' }],
  ['GET', () => '/v1/keys', 'keys:read'],
  ['GET', () => `/v1/keys/${id}`, 'keys:read'],
  ['PATCH', () => `/v1/keys/${id}`, 'keys:write', { name: 'x' }],
  ['POST', () => `/v1/keys/${id}/revoke`, 'keys:write', {}],
  ['DELETE', () => `/v1/keys/${id}`, 'keys:write'],
  ['GET', () => '/v1/audit', 'audit:read'],
  ['GET', () => '/v1/audit/verify', 'audit:read'],
]

describe.each(routes)('%s %s', (method, path, scope, body) => {
  const options = body === undefined ? {} : { body }

  it('needs a key', async () => {
    const answer = await t.asAnyone(method, path(), options)
    expect(answer).toMatchObject({ status: 401, body: { code: 'UNAUTHENTICATED' } })
    expect(answer.headers.get('www-authenticate')).toBe('Bearer')
  })

  it('needs its scope, and says which', async () => {
    const call = await t.as('keys:validate', 'usage:write', 'other:*')
    expect(await call(method, path(), options)).toMatchObject({
      status: 403,
      body: { code: 'FORBIDDEN', detail: expect.stringContaining(scope) },
    })
  })

  it('takes a key with only that scope', async () => {
    const call = await t.as(scope)
    expect((await call(method, path(), options)).status).toBeLessThan(300)
  })
})

describe('authentication', () => {
  it('takes no revoked and no disabled key, and no other scheme', async () => {
    const { key, keyId } = await createBootstrapKey(t.stores.databaseUrl)
    const call = createClient(t.api.url, key)
    expect((await call('GET', '/v1/keys')).status).toBe(200)
    await t.asRoot('PATCH', `/v1/keys/${keyId}`, { body: { enabled: false } })
    await expect.poll(async () => (await call('GET', '/v1/keys')).status).toBe(401)
    await t.asRoot('DELETE', `/v1/keys/${keyId}`)
    await expect.poll(async () => (await call('GET', '/v1/keys')).text).toContain('REVOKED')
    for (const authorization of [`Basic ${t.root.key}`, t.root.key, 'Bearer', `Bearer ${t.root.key}, x`])
      expect((await t.asAnyone('GET', '/v1/keys', { headers: { authorization } })).status).toBe(401)
  })
})

describe('nobody grants what they do not hold', () => {
  it('when a key is made', async () => {
    const call = await t.as('keys:write', 'invoices:*')
    const make = (scopes?: string[], type = 'service') =>
      call('POST', '/v1/keys', { body: { type, name: 'x', ...(scopes && { scopes }) } })
    expect((await make(['invoices:read', 'invoices:*', 'keys:write'])).status).toBe(201)
    expect(await make(['invoices:read', 'keys:read'])).toMatchObject({
      status: 403,
      body: { code: 'SCOPE_NOT_HELD', errors: [{ pointer: '/scopes/1' }] },
    })
    expect((await make(['*'])).status).toBe(403)
    expect((await make(['keys:*'])).status).toBe(403)
    // A system key holds everything unless told otherwise.
    expect((await make(undefined, 'system')).status).toBe(403)
    expect((await make(['keys:write'], 'system')).status).toBe(201)
  })

  it('when a key is changed, its own included', async () => {
    const self = await createBootstrapKey(t.stores.databaseUrl, { type: 'service', scopes: ['keys:write'] })
    const call = createClient(t.api.url, self.key)
    const widened = await call('PATCH', `/v1/keys/${self.keyId}`, { body: { scopes: ['keys:write', 'audit:read'] } })
    expect(codeOf(widened)).toBe('SCOPE_NOT_HELD')
    const strong = await makeKey(t.asRoot, { scopes: ['audit:read'], expiresAt: '2099-01-01T00:00:00Z' })
    const patch = async (body: object) => (await call('PATCH', `/v1/keys/${strong.id}`, { body })).status
    expect(await patch({ enabled: false })).toBe(200)
    expect(await patch({ enabled: true })).toBe(403)
    expect(await patch({ expiresAt: '2100-01-01T00:00:00Z' })).toBe(403)
    expect(await patch({ expiresAt: null })).toBe(403)
    expect(await patch({ expiresAt: '2098-01-01T00:00:00Z' })).toBe(200)
    expect(await patch({ scopes: [] })).toBe(200)
    expect(await patch({ scopes: ['audit:read'] })).toBe(403)
  })
})

describe('a system key', () => {
  it('is changed and revoked only by a key that holds all that it holds', async () => {
    const { keyId } = await createBootstrapKey(t.stores.databaseUrl)
    const lesser = await t.as('keys:read', 'keys:write')
    const refused = { status: 403, body: { code: 'SCOPE_NOT_HELD' } }
    expect(await lesser('PATCH', `/v1/keys/${keyId}`, { body: { enabled: false } })).toMatchObject(refused)
    expect(await lesser('POST', `/v1/keys/${keyId}/revoke`, { body: {} })).toMatchObject(refused)
    expect(await lesser('DELETE', `/v1/keys/${keyId}`)).toMatchObject(refused)
    expect((await t.asRoot('DELETE', `/v1/keys/${keyId}`)).status).toBe(204)
  })
})
