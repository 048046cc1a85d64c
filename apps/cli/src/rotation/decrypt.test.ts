import { constants, generateKeyPairSync, type KeyObject, publicEncrypt } from 'node:crypto'
import { describe, expect, it } from 'vitest'
import { decryptSuccessor } from './decrypt.ts'

const secret = 'mty_service_0123456789abcdefghijABCDEFGHIJ0123456789abc_0abcde'
const rsa = generateKeyPairSync('rsa', { modulusLength: 2048 })
const other = generateKeyPairSync('rsa', { modulusLength: 2048 })
const x25519 = generateKeyPairSync('x25519')

function encryptTo(publicKey: KeyObject) {
  const padding = constants.RSA_PKCS1_OAEP_PADDING
  const ciphertext = publicEncrypt({ key: publicKey, padding, oaepHash: 'sha256' }, Buffer.from(secret))
  return { algorithm: 'RSA-OAEP-256', ciphertext: ciphertext.toString('base64url') }
}

describe('decryptSuccessor', () => {
  it('opens what was encrypted to its key', async () => {
    expect(await decryptSuccessor(encryptTo(rsa.publicKey), rsa.privateKey)).toBe(secret)
  })

  it.each([
    ['to another key', encryptTo(other.publicKey), rsa.privateKey, /does not belong/],
    ['to a key of another type', encryptTo(rsa.publicKey), x25519.privateKey, /does not belong/],
    ['in another way', { algorithm: 'constructor', ciphertext: '' }, rsa.privateKey, /not known here \(constructor\)/],
    ['so that it is no ciphertext', { algorithm: 'RSA-OAEP-256', ciphertext: '!' }, rsa.privateKey, /not known here/],
  ])('refuses what was encrypted %s', async (_, encrypted, privateKey, message) => {
    await expect(decryptSuccessor(encrypted, privateKey)).rejects.toThrow(message)
  })
})
