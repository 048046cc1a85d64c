import { afterAll, beforeAll, describe, expect, it } from 'vitest'
import { codeOf, createClient, makeKey } from '../api/client.ts'
import { keyOf, type RotationHarness, shareRotationHarness } from './support.ts'

let t: RotationHarness
beforeAll(async () => {
  t = await shareRotationHarness()
})
afterAll(() => t.close())

const claim = (secret: string) => createClient(t.api.url, secret)('POST', '/v1/keys/self/claim')

describe('a rotation by hand', () => {
  it('gives a key a second secret; both validate, the old one says until when, and its holder claims the new one', async () => {
    const { id, key: old } = await makeKey(t.asRoot)
    expect(await t.validate(old)).toBe('VALID')
    const before = Date.now()
    const rotation = await t.rotate(id, { reason: 'yearly' })
    expect(rotation).toMatchObject({
      keyId: id,
      kind: 'manual',
      reason: 'yearly',
      requestedBy: t.root.keyId,
      fromVersion: 1,
      toVersion: 2,
      claimedAt: null,
      firstUsedAt: null,
      claimable: true,
    })
    const graceEndsAt = Date.parse(rotation.graceEndsAt ?? '')
    expect(graceEndsAt - before).toBeGreaterThan(47.9 * 3_600_000)
    expect(graceEndsAt - before).toBeLessThan(48.1 * 3_600_000)

    const verdict = await t.asAnyone('POST', '/v1/keys/validate', { body: { key: old } })
    expect(verdict.body).toMatchObject({
      valid: true,
      secretVersion: 1,
      rotation: { supersededBy: 2, graceEndsAt: rotation.graceEndsAt, claimable: true },
    })
    expect(verdict.headers.get('deprecation')).toBe(`@${Math.floor(Date.parse(rotation.finishedAt ?? '') / 1000)}`)
    expect(verdict.headers.get('sunset')).toBe(new Date(graceEndsAt).toUTCString())

    const first = keyOf(await claim(old))
    expect(keyOf(await claim(old))).toBe(first)
    expect(await t.read(rotation.id)).toMatchObject({ claimedBy: 'holder', claimable: true })

    const successor = await t.asAnyone('POST', '/v1/keys/validate', { body: { key: first } })
    expect(successor.body).toMatchObject({ valid: true, keyId: id, secretVersion: 2 })
    expect(successor.body).not.toHaveProperty('rotation')
    expect(successor.headers.get('deprecation')).toBeNull()
    await expect.poll(async () => (await t.read(rotation.id)).firstUsedAt).not.toBeNull()
    expect(await claim(old)).toMatchObject({ status: 409, body: { code: 'NOT_CLAIMABLE' } })
    expect(await t.validate(old)).toBe('VALID')
    const key = (await t.asRoot('GET', `/v1/keys/${id}`)).body
    expect(key).toMatchObject({ id, secretVersion: 2, status: 'active' })
  })

  it('is the same while it is queued, and refused while the grace lasts', async () => {
    const { id } = await makeKey(t.asRoot)
    await t.rotate(id)
    const second = await t.asRoot('POST', `/v1/keys/${id}/rotate`, { body: {} })
    expect(second).toMatchObject({ status: 409, body: { code: 'ROTATION_IN_PROGRESS' } })
    expect(codeOf(second)).toBe('ROTATION_IN_PROGRESS')
  })
})
