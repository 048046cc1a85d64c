import { once } from 'node:events'
import { connect } from 'node:net'
import { makeSecret } from '@momentry/shared/keys/secret.ts'
import { afterAll, beforeAll, describe, expect, it } from 'vitest'
import { z } from 'zod'
import { createClient, makeKey } from '../../api/client.ts'
import { keyOf, type RotationHarness, shareRotationHarness } from '../support.ts'

let t: RotationHarness
beforeAll(async () => {
  t = await shareRotationHarness()
})
afterAll(() => t.close())

const claim = (secret: string) => createClient(t.api.url, secret)('POST', '/v1/keys/self/claim')
const statusOf = async (secret: string) => (await claim(secret)).status
const notClaimable = { status: 409, body: { code: 'NOT_CLAIMABLE' } }
const dead = (code: string) => ({
  status: 401,
  body: { code: 'UNAUTHENTICATED', detail: expect.stringContaining(code) },
})

/** A key in its grace. */
async function rotated(input: object = {}) {
  const { id, key: old } = await makeKey(t.asRoot, input)
  return { id, old, rotation: await t.rotate(id) }
}

/** The verdict on a secret, without its being noted as used anywhere but in the rotation. */
async function judge(key: string) {
  return (await t.asAnyone('POST', '/v1/keys/validate', { body: { key, recordUsage: false } })).body
}

const auditSchema = z.object({ data: z.array(z.looseObject({ action: z.string() })) })

/** What the audit log tells of a key, of one action. */
async function audit(keyId: string, action: string) {
  const { body } = await t.asRoot('GET', `/v1/audit?keyId=${keyId}&limit=200`)
  return auditSchema.parse(body).data.filter((row) => row.action === action)
}

describe('a claim', () => {
  it('that was lost on its way is made again', async () => {
    const { id, old, rotation } = await rotated()
    const { hostname, port } = new URL(t.api.url ?? '')
    const socket = connect(Number(port), hostname).pause()
    await once(socket, 'connect')
    socket.write(
      `POST /v1/keys/self/claim HTTP/1.1\r\nHost: x\r\nAuthorization: Bearer ${old}\r\nContent-Length: 0\r\n\r\n`,
    )
    await expect.poll(async () => (await t.read(rotation.id)).claimedAt).not.toBeNull()
    socket.destroy()
    const { claimedAt } = await t.read(rotation.id)

    const answer = await claim(old)
    expect(answer.body).toEqual({ key: expect.any(String), keyId: id, secretVersion: 2 })
    expect(await t.read(rotation.id)).toMatchObject({ claimedAt, claimedBy: 'holder', firstUsedAt: null })
    expect(await judge(keyOf(answer))).toMatchObject({ valid: true, keyId: id, secretVersion: 2 })
    expect(await t.validate(old)).toBe('VALID')
  })

  it('that is given up while it is answered costs nothing', async () => {
    const { old } = await rotated()
    const given = await Promise.allSettled(
      [0, 1, 2, 5, 10, 20, 50].map((ms) =>
        fetch(`${t.api.url}/v1/keys/self/claim`, {
          method: 'POST',
          headers: { authorization: `Bearer ${old}` },
          signal: AbortSignal.timeout(ms),
        }).then((answer) => answer.text()),
      ),
    )
    expect(given).toHaveLength(7)
    expect(await judge(keyOf(await claim(old)))).toMatchObject({ valid: true, secretVersion: 2 })
  })

  it('gives the same secret each time, and to all who claim at once; each claim is in the audit log', async () => {
    const { id, old, rotation } = await rotated()
    const answers = await Promise.all(Array.from({ length: 20 }, () => claim(old)))
    const secrets = new Set(answers.map(keyOf))
    expect(secrets.size).toBe(1)
    expect(secrets).toContain(keyOf(await claim(old)))
    const rows = await audit(id, 'rotation.claimed')
    expect(rows).toHaveLength(21)
    for (const row of rows)
      expect(row).toMatchObject({ actorKeyId: id, after: { rotationId: rotation.id, secretVersion: 2 } })
  })

  it('gives a stranger nothing', async () => {
    const { id, old, rotation } = await rotated()
    const { key: stranger } = await makeKey(t.asRoot, { scopes: ['*'] })
    expect(await claim(stranger)).toMatchObject(notClaimable)
    expect(await claim(makeSecret('service').secret)).toMatchObject(dead('NOT_FOUND'))
    expect(await claim(`${old.slice(0, -1)}${old.endsWith('0') ? '1' : '0'}`)).toMatchObject(dead('MALFORMED'))
    expect(await t.asAnyone('POST', '/v1/keys/self/claim')).toMatchObject({ status: 401 })
    // Nor does a body or a query choose whose successor it is.
    const call = createClient(t.api.url, stranger)
    const options = { body: { keyId: id, rotationId: rotation.id, secretVersion: 1 } }
    expect(await call('POST', `/v1/keys/self/claim?keyId=${id}`, options)).toMatchObject(notClaimable)
    expect(await t.read(rotation.id)).toMatchObject({ claimedAt: null, claimable: true })
  })

  it('is refused to a key that was never rotated, and to the current secret', async () => {
    const { key } = await makeKey(t.asRoot)
    expect(await claim(key)).toMatchObject(notClaimable)
    const { old } = await rotated()
    expect(await claim(keyOf(await claim(old)))).toMatchObject(notClaimable)
  })

  it('is refused after a forced rotation, at whatever moment it comes', async () => {
    const { id, key: old } = await makeKey(t.asRoot)
    expect(await claim(old)).toMatchObject(notClaimable)
    const rotationId = await t.request(id, { forced: true })
    const seen = new Set<number>()
    await expect
      .poll(async () => {
        const status = await statusOf(old)
        seen.add(status)
        return status
      })
      .toBe(401)
    expect([...seen].filter((status) => status !== 409)).toEqual([401])
    expect(await claim(old)).toMatchObject(dead('ROTATED'))
    expect(await t.reached(rotationId, 'completed')).toMatchObject({ claimable: true, claimedAt: null })
  })

  it.each([
    ['a validation', (key: string) => judge(key)],
    ['a request to Momentry itself', (key: string) => createClient(t.api.url, key)('GET', '/v1/keys')],
    [
      'a refusal for want of a scope',
      (key: string) => t.asAnyone('POST', '/v1/keys/validate', { body: { key, scopes: ['more'] } }),
    ],
  ])('is refused once the successor was used, by %s', async (_, use) => {
    const { old, rotation } = await rotated()
    await use(keyOf(await claim(old)))
    await expect.poll(async () => (await t.read(rotation.id)).firstUsedAt).not.toBeNull()
    expect(await claim(old)).toMatchObject(notClaimable)
    expect(await t.read(rotation.id)).toMatchObject({ claimable: false, claimedBy: 'holder' })
    await expect.poll(() => judge(old)).toMatchObject({ valid: true, rotation: { claimable: false } })
  })

  it('is refused after the grace', async () => {
    const { old, rotation } = await rotated()
    await t.asRoot('PATCH', `/v1/rotations/${rotation.id}`, { body: { graceSeconds: 0 } })
    await expect.poll(() => claim(old)).toMatchObject(dead('ROTATED'))
  })

  it('is refused to a disabled key until it is enabled, and to a revoked one for good', async () => {
    const { id, old } = await rotated()
    await t.asRoot('PATCH', `/v1/keys/${id}`, { body: { enabled: false } })
    await expect.poll(() => claim(old)).toMatchObject(dead('DISABLED'))
    await t.asRoot('PATCH', `/v1/keys/${id}`, { body: { enabled: true } })
    await expect.poll(() => statusOf(old)).toBe(200)
    await t.asRoot('POST', `/v1/keys/${id}/revoke`, { body: {} })
    await expect.poll(() => claim(old)).toMatchObject(dead('REVOKED'))
  })
})
