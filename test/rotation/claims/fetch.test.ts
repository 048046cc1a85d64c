import { afterAll, beforeAll, describe, expect, it } from 'vitest'
import { z } from 'zod'
import { createClient, makeKey } from '../../api/client.ts'
import { createBootstrapKey } from '../../support/bootstrap-key.ts'
import { keyOf, type RotationHarness, startRotationHarness } from '../support.ts'

let t: RotationHarness
beforeAll(async () => {
  t = await startRotationHarness()
})
afterAll(() => t.close())

const claim = (secret: string) => createClient(t.api.url, secret)('POST', '/v1/keys/self/claim')
const fetchBy = (call: typeof t.asRoot, rotationId: string) => call('POST', `/v1/rotations/${rotationId}/secret`)
const notClaimable = { status: 409, body: { code: 'NOT_CLAIMABLE' } }
const auditSchema = z.object({ data: z.array(z.looseObject({ action: z.string() })) })

describe('an operator', () => {
  it('fetches the secret that the holder gets, as often as needed; each time is in the audit log', async () => {
    const { id, key: old } = await makeKey(t.asRoot)
    const rotation = await t.rotate(id)
    const answer = await fetchBy(t.asRoot, rotation.id)
    expect(answer.body).toEqual({ key: expect.any(String), keyId: id, secretVersion: 2 })
    const secret = keyOf(answer)
    expect(await t.fetchSecret(rotation.id)).toBe(secret)
    const first = await t.read(rotation.id)
    expect(first).toMatchObject({ claimedBy: 'operator', firstUsedAt: null, claimable: true })
    expect(keyOf(await claim(old))).toBe(secret)
    expect(await t.read(rotation.id)).toMatchObject({ claimedBy: 'operator', claimedAt: first.claimedAt })

    const { data } = auditSchema.parse((await t.asRoot('GET', `/v1/audit?keyId=${id}`)).body)
    expect(data.filter(({ action }) => action === 'rotation.secret-fetched')).toMatchObject(
      Array.from({ length: 2 }, () => ({
        actorKeyId: t.root.keyId,
        address: '127.0.0.1',
        after: { rotationId: rotation.id, secretVersion: 2 },
      })),
    )
    expect(data.filter(({ action }) => action === 'rotation.claimed')).toMatchObject([{ actorKeyId: id }])
  })

  it('fetches it after a forced rotation, until its first use', async () => {
    const { id, key: old } = await makeKey(t.asRoot)
    const rotation = await t.rotate(id, { forced: true })
    const secret = await t.fetchSecret(rotation.id)
    expect(await t.fetchSecret(rotation.id)).toBe(secret)
    expect((await t.asAnyone('POST', '/v1/keys/validate', { body: { key: secret } })).body).toMatchObject({
      keyId: id,
      secretVersion: 2,
    })
    await expect.poll(async () => (await t.read(rotation.id)).firstUsedAt).not.toBeNull()
    expect(await fetchBy(t.asRoot, rotation.id)).toMatchObject(notClaimable)
    await expect.poll(() => t.validate(old)).toBe('ROTATED')
  })

  it('fetches it within a day after a grace that was ended early, where nobody has used it', async () => {
    const { id } = await makeKey(t.asRoot)
    const rotation = await t.rotate(id)
    await t.asRoot('PATCH', `/v1/rotations/${rotation.id}`, { body: { graceSeconds: 0 } })
    expect(await t.validate(await t.fetchSecret(rotation.id))).toBe('VALID')
  })

  it('fetches none of an older rotation', async () => {
    const { id } = await makeKey(t.asRoot)
    const first = await t.rotate(id)
    const second = await t.rotate(id, { forced: true })
    const third = await t.rotate(id, { forced: true })
    for (const { id: older } of [first, second]) expect(await fetchBy(t.asRoot, older)).toMatchObject(notClaimable)
    expect(await t.validate(await t.fetchSecret(third.id))).toBe('VALID')
  })

  it('needs rotations:write, and all that the key holds', async () => {
    const { id } = await makeKey(t.asRoot, { scopes: ['invoices:read', 'invoices:write'] })
    const rotation = await t.rotate(id)
    for (const scopes of [[], ['invoices:*'], ['rotations:read', 'invoices:*', 'keys:write']])
      expect(await fetchBy(await t.as(...scopes), rotation.id)).toMatchObject({
        status: 403,
        body: { code: 'FORBIDDEN' },
      })
    for (const scopes of [[], ['invoices:read'], ['rotations:*', 'keys:*']])
      expect(await fetchBy(await t.as('rotations:write', ...scopes), rotation.id)).toMatchObject({
        status: 403,
        body: { code: 'SCOPE_NOT_HELD' },
      })
    expect(await t.read(rotation.id)).toMatchObject({ claimedAt: null })
    const able = await t.as('rotations:write', 'invoices:*')
    expect(await t.validate(keyOf(await fetchBy(able, rotation.id)))).toBe('VALID')
  })

  it('of less than a system key fetches none of its successors', async () => {
    const { keyId } = await createBootstrapKey(t.stores.databaseUrl)
    const rotation = await t.rotate(keyId)
    const lesser = await t.as('rotations:write', 'keys:*', 'jobs:*', 'audit:read')
    expect(await fetchBy(lesser, rotation.id)).toMatchObject({ status: 403, body: { code: 'SCOPE_NOT_HELD' } })
  })

  it('fetches nothing before the rotation is completed, or where it never will be', async () => {
    const { id } = await makeKey(t.asRoot)
    t.worker.kill('SIGSTOP')
    try {
      const rotationId = await t.request(id)
      expect(await fetchBy(t.asRoot, rotationId)).toMatchObject(notClaimable)
      expect((await t.asRoot('POST', `/v1/rotations/${rotationId}/cancel`)).status).toBe(200)
      expect(await fetchBy(t.asRoot, rotationId)).toMatchObject(notClaimable)
    } finally {
      t.worker.kill('SIGCONT')
    }
  })
})
