import { type ClientOptions, createClient } from '@momentry/client/client.ts'
import { makeSecret } from '@momentry/shared/keys/secret.ts'
import { afterAll, beforeAll, describe, expect, it } from 'vitest'
import { makeKey } from '../api/client.ts'
import { type Harness, startHarness } from '../api/harness.ts'
import { createBootstrapKey } from '../support/bootstrap-key.ts'
import { createWorkbench, type Workbench } from '../support/workbench.ts'
import { eventually } from './support/eventually.ts'

let t: Harness
let bench: Workbench
let apiKey: string
beforeAll(async () => {
  t = await startHarness({ RATE_LIMIT_MAX_ATTEMPTS: '3' })
  bench = await createWorkbench(t.stores.env)
  const scopes = ['keys:validate', 'usage:write']
  apiKey = (await createBootstrapKey(t.stores.databaseUrl, { type: 'service', scopes })).key
})
afterAll(async () => {
  await bench.close()
  await t.close()
})

const clientWith = (options: Partial<ClientOptions> = {}) => createClient({ url: t.api.url ?? '', apiKey, ...options })
const revoke = (id: string) => t.asRoot('POST', `/v1/keys/${id}/revoke`, { body: {} })

describe('validate', () => {
  it('gives all that Momentry says, which nobody can change', async () => {
    const input = {
      ...{ name: 'n', ownerId: 'o', scopes: ['a:b'], metadata: { team: { name: 'x' } } },
      expiresAt: '2099-01-01T00:00:00.000Z',
    }
    const { id, key } = await makeKey(t.asRoot, input)
    const verdict = await clientWith().validate(key, { scopes: ['a:b'] })
    expect(verdict).toEqual({ valid: true, code: 'VALID', keyId: id, type: 'service', secretVersion: 1, ...input })
    expect(() => Object.assign(verdict, { valid: false })).toThrow(TypeError)
    expect(() => verdict.valid && Object.assign(Object(verdict.metadata['team']), { name: 'y' })).toThrow(TypeError)
  })

  it('tells what is wrong with a secret', async () => {
    const { validate } = clientWith()
    const { id, key } = await makeKey(t.asRoot, { scopes: ['a:b'] })
    expect(await validate('nonsense')).toEqual({ valid: false, code: 'MALFORMED' })
    expect(await validate(makeSecret('user').secret)).toEqual({ valid: false, code: 'NOT_FOUND' })
    expect(await validate(key, { scopes: ['c'] })).toEqual({ valid: false, code: 'INSUFFICIENT_SCOPE', keyId: id })
    await revoke(id)
    expect(await validate(key)).toEqual({ valid: false, code: 'REVOKED', keyId: id })
  })

  it.each(['x'.repeat(500), 'x'.repeat(501), 'päss\u0000\ud800', ''])(
    'knows a text that is no secret, whatever it is made of',
    async (text) => {
      expect(await clientWith().validate(text)).toEqual({ valid: false, code: 'MALFORMED' })
    },
  )

  it.each(['203.0.113.7', '::ffff:203.0.113.8', '2001:db8::1', 'fe80::1%eth0', '::', 'unknown', '203.0.113.9:80'])(
    'takes %s for an address as far as it is one',
    async (clientIp) => {
      const { key } = await makeKey(t.asRoot)
      expect(await clientWith().validate(key, { clientIp })).toMatchObject({ valid: true })
    },
  )

  it('tells that an address is locked out', async () => {
    const { validate } = clientWith({ cache: { ttlMs: 0 } })
    const guess = () => validate(makeSecret('user').secret, { clientIp: '198.51.100.1' })
    const outcomes = await Promise.allSettled([guess(), guess(), guess(), guess(), guess()])
    expect(outcomes.filter(({ status }) => status === 'rejected')).not.toHaveLength(0)
    const lockedOut = { kind: 'refused', status: 429, code: 'LOCKED_OUT', retryAfterSeconds: expect.any(Number) }
    await expect(guess()).rejects.toMatchObject(lockedOut)
    expect(await validate(makeSecret('user').secret, { clientIp: '198.51.100.2' })).toMatchObject({ valid: false })
  })

  it('tells that its own key is refused', async () => {
    const { validate } = clientWith({ apiKey: makeSecret('service').secret })
    await expect(validate('x')).rejects.toMatchObject({ kind: 'refused', status: 401, code: 'UNAUTHENTICATED' })
  })
})

describe('the memory of verdicts', () => {
  it('lets a revoked secret work on for no longer than its time to live', async () => {
    const forgetful = clientWith({ cache: { ttlMs: 0 } })
    const mindful = clientWith({ cache: { ttlMs: 2000 } })
    const { id, key } = await makeKey(t.asRoot)
    const startedAt = performance.now()
    expect(await mindful.validate(key)).toMatchObject({ valid: true })
    await revoke(id)
    expect(await forgetful.validate(key)).toMatchObject({ code: 'REVOKED' })
    const soon = await mindful.validate(key)
    // On a machine that is too busy for the two requests between, there is nothing to be seen.
    if (performance.now() - startedAt < 2000) expect(soon).toMatchObject({ valid: true })
    await eventually(async () => mindful.validate(key)).toMatchObject({ code: 'REVOKED' })
  })

  it('lets a key end at its expiry', async () => {
    const { key } = await makeKey(t.asRoot, { expiresAt: new Date(Date.now() + 3_000).toISOString() })
    const { validate } = clientWith({ cache: { ttlMs: 5000 } })
    expect(await validate(key)).toMatchObject({ valid: true })
    await expect.poll(() => validate(key)).toMatchObject({ code: 'EXPIRED' })
  })

  it('asks once for a thousand who ask at once, and Momentry sees one use', async () => {
    const { id, key } = await makeKey(t.asRoot)
    const { validate } = clientWith()
    const verdicts = await Promise.all(Array.from({ length: 1000 }, () => validate(key)))
    expect(verdicts.filter(({ valid }) => valid)).toHaveLength(1000)
    expect(await validate(key, { scopes: [] })).toMatchObject({ valid: true })
    await validate(key, { clientIp: '203.0.113.99' })
    const uses = async () => (await bench.readUsage(id)).entries.map(({ ip }) => ip)
    await eventually(uses).toEqual([undefined, '203.0.113.99'])
  })

  it('shows Momentry every use of an emergency key', async () => {
    const { id, key } = await makeKey(t.asRoot, { type: 'emergency' })
    const { validate } = clientWith({ cache: { ttlMs: 5000 } })
    const uses = [validate(key), validate(key)]
    await Promise.all(uses)
    await validate(key)
    await eventually(async () => (await bench.readUsage(id)).entries.length).toBe(3)
  })

  it('is of no help to one who asks with a key that was refused', async () => {
    const { key } = await makeKey(t.asRoot)
    const own = await makeKey(t.asRoot, { scopes: ['keys:validate'] })
    const { validate } = clientWith({ apiKey: own.key, cache: { ttlMs: 0 } })
    expect(await validate(key)).toMatchObject({ valid: true })
    await revoke(own.id)
    await expect(validate(key)).rejects.toMatchObject({ status: 401 })
  })
})
