import { constants, createPublicKey, type KeyObject, publicEncrypt } from 'node:crypto'
import { Aes256Gcm, CipherSuite, DhkemX25519HkdfSha256, HkdfSha256 } from '@hpke/core'
import { z } from 'zod'

const base64url = z.base64url()

/** A successor's secret, encrypted to its holder's public key. */
export const encryptedKeySchema = z
  .discriminatedUnion('algorithm', [
    z.object({ algorithm: z.literal('RSA-OAEP-256'), ciphertext: base64url }),
    z.object({ algorithm: z.literal('HPKE-X25519-HKDF-SHA256-AES-256-GCM'), enc: base64url, ciphertext: base64url }),
  ])
  .meta({ id: 'EncryptedKey' })
export type EncryptedKey = z.infer<typeof encryptedKeySchema>

/** Binds a ciphertext to its purpose (RFC 9180 section 5.1, `info`). */
const info = new TextEncoder().encode('momentry rotation')

/**
 * Encrypts a secret to a holder's public key: RSA by OAEP with SHA-256 (RFC 8017), X25519 by HPKE in base mode (RFC 9180).
 * @param publicKey PEM, as `keys/fields/public-key.ts` lets through
 */
export async function encryptTo(publicKey: string, secret: string): Promise<EncryptedKey> {
  const key = createPublicKey(publicKey)
  return key.asymmetricKeyType === 'rsa' ? encryptByRsa(key, secret) : encryptByHpke(key, secret)
}

function encryptByRsa(key: KeyObject, secret: string): EncryptedKey {
  const padding = constants.RSA_PKCS1_OAEP_PADDING
  const ciphertext = publicEncrypt({ key, padding, oaepHash: 'sha256' }, Buffer.from(secret))
  return { algorithm: 'RSA-OAEP-256', ciphertext: ciphertext.toString('base64url') }
}

async function encryptByHpke(key: KeyObject, secret: string): Promise<EncryptedKey> {
  const suite = new CipherSuite({
    kem: new DhkemX25519HkdfSha256(),
    kdf: new HkdfSha256(),
    aead: new Aes256Gcm(),
  })
  const recipientPublicKey = await suite.kem.importKey('jwk', { ...key.export({ format: 'jwk' }), key_ops: [] }, true)
  const sender = await suite.createSenderContext({ recipientPublicKey, info })
  const ciphertext = await sender.seal(new TextEncoder().encode(secret).buffer)
  return {
    algorithm: 'HPKE-X25519-HKDF-SHA256-AES-256-GCM',
    enc: Buffer.from(sender.enc).toString('base64url'),
    ciphertext: Buffer.from(ciphertext).toString('base64url'),
  }
}
