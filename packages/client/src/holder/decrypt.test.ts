import { constants, generateKeyPairSync, type KeyObject, publicEncrypt } from 'node:crypto'
import { Aes256Gcm, CipherSuite, DhkemX25519HkdfSha256, HkdfSha256 } from '@hpke/core'
import { describe, expect, it } from 'vitest'
import { createDecrypt, encryptedKeySchema } from './decrypt.ts'

const secret = 'mty_service_abc_def'
const rsa = generateKeyPairSync('rsa', { modulusLength: 2048 })
const x25519 = generateKeyPairSync('x25519')
const pemOf = (pair: { privateKey: KeyObject }) => pair.privateKey.export({ type: 'pkcs8', format: 'pem' }).toString()
const encode = (bytes: ArrayBuffer | Uint8Array) => Buffer.from(new Uint8Array(bytes)).toString('base64url')

/** As the server does it. */
function encryptRsa() {
  const options = { key: rsa.publicKey, padding: constants.RSA_PKCS1_OAEP_PADDING, oaepHash: 'sha256' }
  const ciphertext = encode(publicEncrypt(options, Buffer.from(secret)))
  return encryptedKeySchema.parse({ algorithm: 'RSA-OAEP-256', ciphertext })
}

async function encryptHpke(info = 'momentry rotation') {
  const kem = new DhkemX25519HkdfSha256()
  const suite = new CipherSuite({ kem, kdf: new HkdfSha256(), aead: new Aes256Gcm() })
  const recipientPublicKey = await kem.importKey('jwk', x25519.publicKey.export({ format: 'jwk' }), true)
  const text = new TextEncoder()
  const { enc, ct } = await suite.seal({ recipientPublicKey, info: text.encode(info) }, text.encode(secret))
  const algorithm = 'HPKE-X25519-HKDF-SHA256-AES-256-GCM'
  return encryptedKeySchema.parse({ algorithm, enc: encode(enc), ciphertext: encode(ct) })
}

describe('createDecrypt', () => {
  it('opens RSA-OAEP', async () => {
    expect(await createDecrypt(pemOf(rsa))(encryptRsa())).toBe(secret)
  })

  it('opens HPKE', async () => {
    expect(await createDecrypt(pemOf(x25519))(await encryptHpke())).toBe(secret)
  })

  it('refuses what is encrypted to another key, or for another purpose', async () => {
    const other = generateKeyPairSync('x25519')
    const reason = { kind: 'protocol', message: expect.stringMatching(/not encrypted to the public key/) }
    await expect(createDecrypt(pemOf(other))(await encryptHpke())).rejects.toMatchObject(reason)
    await expect(createDecrypt(pemOf(x25519))(await encryptHpke('another'))).rejects.toMatchObject(reason)
    const otherRsa = generateKeyPairSync('rsa', { modulusLength: 2048 })
    await expect(createDecrypt(pemOf(otherRsa))(encryptRsa())).rejects.toMatchObject(reason)
  })

  it('says what is missing', async () => {
    await expect(createDecrypt(undefined)(encryptRsa())).rejects.toThrow(/set privateKey/)
    await expect(createDecrypt(pemOf(x25519))(encryptRsa())).rejects.toThrow(/cannot decrypt RSA-OAEP-256/)
  })

  it.each(['', 'not a key', pemOf(generateKeyPairSync('ed25519'))])('refuses another kind of key', (pem) => {
    expect(() => createDecrypt(pem)).toThrow(/privateKey must be the PEM/)
  })
})
