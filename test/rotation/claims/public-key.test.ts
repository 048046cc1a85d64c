import { constants, createPublicKey, generateKeyPairSync, privateDecrypt } from 'node:crypto'
import { afterAll, beforeAll, describe, expect, it } from 'vitest'
import { z } from 'zod'
import { createClient, makeKey } from '../../api/client.ts'
import { type RotationHarness, shareRotationHarness } from '../support.ts'
import { openHpke } from './hpke.ts'

let t: RotationHarness
beforeAll(async () => {
  t = await shareRotationHarness()
})
afterAll(() => t.close())

const rsa = generateKeyPairSync('rsa', { modulusLength: 2048 })
const x25519 = generateKeyPairSync('x25519')
const spki = { type: 'spki', format: 'pem' } as const
const rsaPem = rsa.publicKey.export(spki).toString()
const x25519Pem = x25519.publicKey.export(spki).toString()

const delivery = <Shape extends z.ZodRawShape>(encryptedKey: Shape) =>
  z.strictObject({ encryptedKey: z.strictObject(encryptedKey), keyId: z.string(), secretVersion: z.literal(2) })
const rsaDelivery = delivery({ algorithm: z.literal('RSA-OAEP-256'), ciphertext: z.base64url() })
const hpkeDelivery = delivery({
  algorithm: z.literal('HPKE-X25519-HKDF-SHA256-AES-256-GCM'),
  enc: z.base64url().length(43),
  ciphertext: z.base64url(),
})

function openRsa(body: unknown): string {
  const { ciphertext } = rsaDelivery.parse(body).encryptedKey
  const padding = constants.RSA_PKCS1_OAEP_PADDING
  const key = { key: rsa.privateKey, padding, oaepHash: 'sha256' }
  return privateDecrypt(key, Buffer.from(ciphertext, 'base64url')).toString('utf8')
}
const openX25519 = (body: unknown) =>
  openHpke(x25519.privateKey, 'momentry rotation', hpkeDelivery.parse(body).encryptedKey)

describe('a key with a public key', () => {
  it.each([
    ['RSA', rsaPem, openRsa],
    ['X25519', x25519Pem, openX25519],
  ])('gets its successor encrypted to it: %s', async (_, publicKey, open) => {
    const { id, key: old } = await makeKey(t.asRoot, { publicKey })
    expect((await t.asRoot('GET', `/v1/keys/${id}`)).body).toMatchObject({ publicKey })
    const rotation = await t.rotate(id)
    const claimed = await createClient(t.api.url, old)('POST', '/v1/keys/self/claim')
    expect(claimed.status).toBe(200)
    const secret = open(claimed.body)
    expect(claimed.text).not.toContain(secret)
    const fetched = await t.asRoot('POST', `/v1/rotations/${rotation.id}/secret`)
    expect(open(fetched.body)).toBe(secret)
    const verdict = await t.asAnyone('POST', '/v1/keys/validate', { body: { key: secret } })
    expect(verdict.body).toMatchObject({ valid: true, keyId: id, secretVersion: 2 })
  })

  it('can get it later, change it, and lose it; what is in escrow stays encrypted as it was', async () => {
    const { id, key: old } = await makeKey(t.asRoot)
    const patch = (publicKey: string | null) => t.asRoot('PATCH', `/v1/keys/${id}`, { body: { publicKey } })
    const claim = async () => (await createClient(t.api.url, old)('POST', '/v1/keys/self/claim')).body
    expect(await patch(x25519Pem)).toMatchObject({ status: 200, body: { publicKey: x25519Pem } })
    await t.rotate(id)
    expect(await patch(rsaPem)).toMatchObject({ status: 200, body: { publicKey: rsaPem } })
    expect(openX25519(await claim())).toMatch(/^mty_service_/)
    expect(await patch(null)).toMatchObject({ status: 200, body: { publicKey: null } })
    expect(openX25519(await claim())).toMatch(/^mty_service_/)
    const forced = await t.rotate(id, { forced: true })
    expect(await t.fetchSecret(forced.id)).toMatch(/^mty_service_/)
  })

  it('is changed only by who holds all that it holds', async () => {
    const { id } = await makeKey(t.asRoot, { scopes: ['invoices:read'], publicKey: x25519Pem })
    const lesser = await t.as('keys:*', 'rotations:*')
    const patch = (call: typeof t.asRoot, body: object) => call('PATCH', `/v1/keys/${id}`, { body })
    for (const publicKey of [rsaPem, null])
      expect(await patch(lesser, { publicKey })).toMatchObject({ status: 403, body: { code: 'SCOPE_NOT_HELD' } })
    expect(await patch(lesser, { publicKey: x25519Pem, name: 'same' })).toMatchObject({ status: 200 })
    // A key that holds nothing has nothing to grant.
    expect(await patch(lesser, { scopes: [], publicKey: rsaPem })).toMatchObject({ status: 200 })
    expect(await patch(await t.as('keys:write', 'invoices:read'), { publicKey: null })).toMatchObject({ status: 200 })
  })
})

describe('a public key is refused that', () => {
  const pkcs8 = { type: 'pkcs8', format: 'pem' } as const
  const small = generateKeyPairSync('rsa', { modulusLength: 1024 })
  const der = x25519.publicKey.export({ type: 'spki', format: 'der' })
  const ofRsa = (change: object) =>
    createPublicKey({ key: { ...rsa.publicKey.export({ format: 'jwk' }), ...change }, format: 'jwk' }).export(spki)
  const lowOrder = Buffer.concat([der.subarray(0, -32), Buffer.alloc(32)]).toString('base64')
  it.each<[string, unknown]>([
    ['is a private key', x25519.privateKey.export(pkcs8)],
    ['is a private key of RSA', rsa.privateKey.export({ type: 'pkcs1', format: 'pem' })],
    ['has a private key beside it', `${x25519Pem}${x25519.privateKey.export(pkcs8)}`],
    ['is RSA of 1024 bits', small.publicKey.export(spki)],
    ['is RSA that encrypts nothing', ofRsa({ e: 'AQ' })],
    ['is RSA that cannot encrypt', ofRsa({ n: Buffer.alloc(256, 0xfe).toString('base64url') })],
    ['is RSA in PKCS#1', rsa.publicKey.export({ type: 'pkcs1', format: 'pem' })],
    ['is RSA for signatures', generateKeyPairSync('rsa-pss', { modulusLength: 2048 }).publicKey.export(spki)],
    ['is Ed25519', generateKeyPairSync('ed25519').publicKey.export(spki)],
    ['is X448', generateKeyPairSync('x448').publicKey.export(spki)],
    ['is on another curve', generateKeyPairSync('ec', { namedCurve: 'P-256' }).publicKey.export(spki)],
    [
      'is a point with which nobody shares a secret',
      `-----BEGIN PUBLIC KEY-----\n${lowOrder}\n-----END PUBLIC KEY-----`,
    ],
    ['is cut', rsaPem.slice(0, 200)],
    ['is garbage in a frame', '-----BEGIN PUBLIC KEY-----\nnonsense\n-----END PUBLIC KEY-----'],
    ['is garbage', 'nonsense'],
    ['is too long', `${'\n'.repeat(5000)}${x25519Pem}`],
    ['is no text', { kty: 'OKP' }],
  ])('%s', async (_, publicKey) => {
    const refused = { status: 400, body: { code: 'VALIDATION_FAILED', errors: [{ pointer: '/publicKey' }] } }
    const { id } = await makeKey(t.asRoot)
    const made = await t.asRoot('POST', '/v1/keys', { body: { type: 'service', name: 'x', publicKey } })
    expect(made).toMatchObject(refused)
    expect(made.text).not.toContain('PRIVATE')
    expect(await t.asRoot('PATCH', `/v1/keys/${id}`, { body: { publicKey } })).toMatchObject(refused)
  })
})
