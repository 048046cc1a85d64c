import { afterAll, beforeAll, describe, expect, it } from 'vitest'
import { createClient, makeKey } from '../../api/client.ts'
import { createBootstrapKey } from '../../support/bootstrap-key.ts'
import { keyOf, type Rotation, type RotationHarness, startRotationHarness } from '../support.ts'

let t: RotationHarness
beforeAll(async () => {
  t = await startRotationHarness({ RATE_LIMIT_MAX_ATTEMPTS: '1000', ROTATION_INTERVALS: 'integration=3600' })
})
afterAll(() => t.close())

const hour = 3600
const later = (seconds: number) => new Date(Math.ceil(Date.now() / 1000 + seconds) * 1000).toISOString()
const claim = (secret: string) => createClient(t.api.url, secret)('POST', '/v1/keys/self/claim')
const patch = (rotation: Rotation, graceSeconds: unknown, call = t.asRoot) =>
  call('PATCH', `/v1/rotations/${rotation.id}`, { body: { graceSeconds } })
const graceOf = ({ finishedAt, graceEndsAt }: Rotation) =>
  (Date.parse(graceEndsAt ?? '') - Date.parse(finishedAt ?? '')) / 1000
const readGrace = async ({ id }: Rotation) => graceOf(await t.read(id))
const over = { status: 409, body: { code: 'GRACE_OVER' } }

/** A key, its first secret, and its rotation. */
async function rotated(input: object = {}, request: object = {}) {
  const { id, key: old } = await makeKey(t.asRoot, input)
  return { id, old, rotation: await t.rotate(id, request) }
}

describe('the smallest of all terms is the grace', () => {
  const policy = (rotation: object) => ({ policy: { rotation } })
  it.each<[string, number, object, object]>([
    ['of its type, system', 72 * hour, { type: 'system' }, {}],
    ['of its type, user', 24 * hour, { type: 'user' }, {}],
    ['of its type, service', 48 * hour, { type: 'service' }, {}],
    ['of its type, integration', 24 * hour, { type: 'integration', ...policy({ intervalSeconds: null }) }, {}],
    ['of its policy', hour, policy({ graceSeconds: hour }), {}],
    ['of its type and not of its policy', 24 * hour, { type: 'user', ...policy({ graceSeconds: 72 * hour }) }, {}],
    ['of the request', 1800, policy({ graceSeconds: hour }), { graceSeconds: 1800 }],
    ['none by request', 0, {}, { graceSeconds: 0 }],
    ['none by policy', 0, policy({ graceSeconds: 0 }), { graceSeconds: hour }],
    ['of its policy and not of the request', hour, policy({ graceSeconds: hour }), { graceSeconds: 72 * hour }],
    ['of its type and not of the request', 48 * hour, {}, { graceSeconds: 72 * hour }],
    ['half of its interval', 3600, policy({ intervalSeconds: 7200 }), {}],
    ['half of an odd interval', 30, policy({ intervalSeconds: 61 }), {}],
    ['half of the interval of its type', 1800, { type: 'integration' }, {}],
    ['less than half of its interval', 10, policy({ intervalSeconds: 7200, graceSeconds: 60 }), { graceSeconds: 10 }],
    ['none by force', 0, policy({ graceSeconds: hour }), { forced: true }],
  ])('%s: %i s', async (_, expected, input, request) => {
    const { rotation } = await rotated(input, request)
    expect(graceOf(rotation)).toBe(expected)
  })

  it.each<[string, object, object]>([
    ['of its type', {}, {}],
    ['of its policy and of the request', { policy: { rotation: { graceSeconds: 2 * hour } } }, { graceSeconds: 7000 }],
  ])('what is left of its own life, where that is less than that %s', async (_, input, request) => {
    const expiresAt = later(hour)
    const { old, rotation } = await rotated({ ...input, expiresAt }, request)
    expect(rotation.graceEndsAt).toBe(expiresAt)
    expect(await t.validate(old)).toBe('VALID')
  })
})

describe('a key that expires', () => {
  const validation = async (key: string) => (await t.asAnyone('POST', '/v1/keys/validate', { body: { key } })).body

  it('keeps its expiry over rotations, by whatever kind', async () => {
    const expiresAt = later(2 * hour)
    const { id, old, rotation } = await rotated({ expiresAt })
    const second = keyOf(await claim(old))
    expect(await validation(second)).toMatchObject({ valid: true, expiresAt, secretVersion: 2 })
    expect(rotation.graceEndsAt).toBe(expiresAt)
    const forced = await t.rotate(id, { forced: true })
    expect(await validation(await t.fetchSecret(forced.id))).toMatchObject({ valid: true, expiresAt, secretVersion: 3 })
    expect((await t.asRoot('GET', `/v1/keys/${id}`)).body).toMatchObject({ expiresAt })
  })

  it('of type emergency has no grace, keeps its absolute end, and only an operator gets its successor', async () => {
    const expiresAt = later(70 * hour)
    const { id, key: old } = await makeKey(t.asRoot, { type: 'emergency', expiresAt })
    const rotation = await t.rotate(id, { graceSeconds: hour })
    expect(graceOf(rotation)).toBe(0)
    await expect.poll(() => t.validate(old)).toBe('ROTATED')
    expect((await claim(old)).status).toBe(401)
    expect(await patch(rotation, hour)).toMatchObject(over)
    const successor = await validation(await t.fetchSecret(rotation.id))
    expect(successor).toMatchObject({ type: 'emergency', secretVersion: 2, expiresAt })
    expect((await t.asRoot('GET', `/v1/keys/${id}`)).body).toMatchObject({ expiresAt, secretVersion: 2 })
  })
})

describe('a grace that runs', () => {
  it('is made shorter and longer, up to that of the type, and ended; the dead secret stays dead', async () => {
    const { old, rotation } = await rotated({ policy: { rotation: { graceSeconds: hour } } })
    expect((await patch(rotation, 60)).body).toMatchObject({ id: rotation.id, claimable: true })
    expect(await readGrace(rotation)).toBe(60)
    await patch(rotation, 47 * hour)
    expect(await readGrace(rotation)).toBe(47 * hour)
    await patch(rotation, 72 * hour)
    expect(await readGrace(rotation)).toBe(48 * hour)
    const { body } = await t.asAnyone('POST', '/v1/keys/validate', { body: { key: old } })
    expect(body).toMatchObject({ rotation: { graceEndsAt: (await t.read(rotation.id)).graceEndsAt } })

    expect((await patch(rotation, 0)).status).toBe(200)
    await expect.poll(() => t.validate(old)).toBe('ROTATED')
    for (const graceSeconds of [0, 60, 72 * hour]) expect(await patch(rotation, graceSeconds)).toMatchObject(over)
    expect(await t.validate(old)).toBe('ROTATED')
  })

  it('is made no longer than the key lives', async () => {
    const expiresAt = later(10 * hour)
    const { rotation } = await rotated({ expiresAt }, { graceSeconds: 60 })
    await patch(rotation, 48 * hour)
    expect((await t.read(rotation.id)).graceEndsAt).toBe(expiresAt)
  })

  it('is made longer only by who holds all that the key holds, and shorter by anyone who may rotate', async () => {
    const { rotation } = await rotated({ scopes: ['invoices:read'] }, { graceSeconds: hour })
    const lesser = await t.as('rotations:write')
    expect(await patch(rotation, 2 * hour, lesser)).toMatchObject({ status: 403, body: { code: 'SCOPE_NOT_HELD' } })
    expect(await readGrace(rotation)).toBe(hour)
    expect((await patch(rotation, 1800, lesser)).status).toBe(200)
    expect(await readGrace(rotation)).toBe(1800)
    expect((await patch(rotation, 2 * hour, await t.as('rotations:write', 'invoices:*'))).status).toBe(200)
  })

  it('of a system key is touched only by who holds all that it holds', async () => {
    const { keyId } = await createBootstrapKey(t.stores.databaseUrl)
    const lesser = await t.as('rotations:*', 'keys:*')
    const refused = { status: 403, body: { code: 'SCOPE_NOT_HELD' } }
    expect(await lesser('POST', `/v1/keys/${keyId}/rotate`, { body: { forced: true } })).toMatchObject(refused)
    expect(await patch(await t.rotate(keyId), 0, lesser)).toMatchObject(refused)
  })

  it('ends at once with a forced rotation, for every older secret, and none comes back', async () => {
    const { id, old, rotation } = await rotated()
    const second = keyOf(await claim(old))
    expect([await t.validate(old), await t.validate(second)]).toEqual(['VALID', 'VALID'])
    const forced = await t.rotate(id, { forced: true, reason: 'leaked' })
    await expect.poll(() => t.validate(old)).toBe('ROTATED')
    await expect.poll(() => t.validate(second)).toBe('ROTATED')
    for (const secret of [old, second]) expect((await claim(secret)).status).toBe(401)
    for (const each of [rotation, forced]) expect(await patch(each, 48 * hour)).toMatchObject(over)
    const ended = await t.read(rotation.id)
    expect(Date.parse(ended.graceEndsAt ?? '')).toBeLessThanOrEqual(Date.parse(forced.finishedAt ?? '') + 1000)
    expect([await t.validate(old), await t.validate(second)]).toEqual(['ROTATED', 'ROTATED'])
    expect(await t.validate(await t.fetchSecret(forced.id))).toBe('VALID')
  })

  it('of a revoked key cannot be changed', async () => {
    const { id, old, rotation } = await rotated()
    await t.asRoot('POST', `/v1/keys/${id}/revoke`, { body: {} })
    expect(await patch(rotation, 48 * hour)).toMatchObject({ status: 409, body: { code: 'KEY_REVOKED' } })
    await expect.poll(() => t.validate(old)).toBe('REVOKED')
  })
})
