import { constants, createPublicKey, generateKeyPairSync, type KeyObject, publicEncrypt } from 'node:crypto'
import { Aes256Gcm, CipherSuite, DhkemX25519HkdfSha256, HkdfSha256 } from '@hpke/core'
import { describe, expect, it } from 'vitest'
import { decryptSuccessor } from './decrypt.ts'

const secret = 'mty_service_0123456789abcdefghijABCDEFGHIJ0123456789abc_0abcde'
const rsa = generateKeyPairSync('rsa', { modulusLength: 2048 })
const x25519 = generateKeyPairSync('x25519')

function encryptRsa(publicKey: KeyObject) {
  const padding = constants.RSA_PKCS1_OAEP_PADDING
  const ciphertext = publicEncrypt({ key: publicKey, padding, oaepHash: 'sha256' }, Buffer.from(secret))
  return { algorithm: 'RSA-OAEP-256', ciphertext: ciphertext.toString('base64url') }
}

async function encryptHpke(publicKey: KeyObject) {
  const suite = new CipherSuite({ kem: new DhkemX25519HkdfSha256(), kdf: new HkdfSha256(), aead: new Aes256Gcm() })
  const raw = Buffer.from(publicKey.export({ format: 'jwk' }).x ?? '', 'base64url')
  const recipientPublicKey = await suite.kem.deserializePublicKey(raw)
  const sealed = await suite.seal({ recipientPublicKey, info: Buffer.from('momentry rotation') }, Buffer.from(secret))
  const text = (bytes: ArrayBuffer) => Buffer.from(bytes).toString('base64url')
  return {
    algorithm: 'HPKE-X25519-HKDF-SHA256-AES-256-GCM',
    enc: text(sealed.enc),
    ciphertext: text(sealed.ct),
  }
}

describe('decryptSuccessor', () => {
  it('opens what was encrypted to an RSA key', async () => {
    expect(await decryptSuccessor(encryptRsa(rsa.publicKey), rsa.privateKey)).toBe(secret)
  })

  it('opens what was encrypted to an X25519 key', async () => {
    const encrypted = await encryptHpke(createPublicKey(x25519.privateKey))
    expect(await decryptSuccessor(encrypted, x25519.privateKey)).toBe(secret)
  })

  it.each([
    ['another key', async () => encryptRsa(generateKeyPairSync('rsa', { modulusLength: 2048 }).publicKey), /belong/],
    ['a key of another type', () => encryptHpke(x25519.publicKey), /belong/],
    ['something that is no ciphertext', async () => ({ algorithm: 'RSA-OAEP-256', ciphertext: '!' }), /belong/],
    ['another algorithm', async () => ({ algorithm: 'constructor', ciphertext: '' }), /constructor.*not known/],
  ])('refuses what was encrypted to %s', async (_name, encrypt, message) => {
    await expect(decryptSuccessor(await encrypt(), rsa.privateKey)).rejects.toThrow(message)
  })
})
