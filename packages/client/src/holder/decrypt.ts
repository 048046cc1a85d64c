import { constants, createPrivateKey, type KeyObject, privateDecrypt } from 'node:crypto'
import { Aes256Gcm, CipherSuite, DhkemX25519HkdfSha256, HkdfSha256 } from '@hpke/core'
import { z } from 'zod'
import { MomentryClientError } from '../errors.ts'

const base64url = z
  .string()
  .regex(/^[\w-]{1,10000}$/)
  .transform((text) => new Uint8Array(Buffer.from(text, 'base64url')))

export const encryptedKeySchema = z.discriminatedUnion('algorithm', [
  z.object({ algorithm: z.literal('RSA-OAEP-256'), ciphertext: base64url }),
  z.object({ algorithm: z.literal('HPKE-X25519-HKDF-SHA256-AES-256-GCM'), enc: base64url, ciphertext: base64url }),
])

/** A secret, encrypted to a key's registered public key. */
export type EncryptedKey = z.output<typeof encryptedKeySchema>

export type Decrypt = (encrypted: EncryptedKey) => Promise<string>

const algorithms: Readonly<Record<string, EncryptedKey['algorithm']>> = {
  rsa: 'RSA-OAEP-256',
  x25519: 'HPKE-X25519-HKDF-SHA256-AES-256-GCM',
}

/**
 * Makes what decrypts successors.
 * @param pem the private key, PKCS #8, RSA or X25519; undefined where none is registered
 * @returns a function that throws MomentryClientError `protocol` for what is not encrypted to that key
 * @throws TypeError for another kind of key
 */
export function createDecrypt(pem: string | undefined): Decrypt {
  const key = pem === undefined ? undefined : readPrivateKey(pem)
  const algorithm = algorithms[key?.asymmetricKeyType ?? '']
  return async (encrypted) => {
    if (!key) throw new MomentryClientError('protocol', 'the successor came encrypted: set privateKey')
    if (encrypted.algorithm !== algorithm)
      throw new MomentryClientError('protocol', `privateKey cannot decrypt ${encrypted.algorithm}`)
    const open = encrypted.algorithm === 'RSA-OAEP-256' ? openRsa(key, encrypted) : openHpke(key, encrypted)
    // The reasons of OpenSSL and WebCrypto say nothing, on purpose.
    const text = await open.catch(() => {
      throw new MomentryClientError('protocol', 'the successor is not encrypted to the public key of privateKey')
    })
    return new TextDecoder().decode(text)
  }
}

function readPrivateKey(pem: string): KeyObject {
  let key: KeyObject | undefined
  try {
    key = createPrivateKey(pem)
  } catch {}
  if (key && algorithms[key.asymmetricKeyType ?? '']) return key
  throw new TypeError('privateKey must be the PEM of an RSA or X25519 private key without a passphrase')
}

async function openRsa(key: KeyObject, { ciphertext }: { ciphertext: Uint8Array }): Promise<Uint8Array> {
  return privateDecrypt({ key, padding: constants.RSA_PKCS1_OAEP_PADDING, oaepHash: 'sha256' }, ciphertext)
}

const info = new TextEncoder().encode('momentry rotation')

/** RFC 9180, base mode. */
async function openHpke(
  key: KeyObject,
  { enc, ciphertext }: { enc: Uint8Array; ciphertext: Uint8Array },
): Promise<ArrayBuffer> {
  const kem = new DhkemX25519HkdfSha256()
  const suite = new CipherSuite({ kem, kdf: new HkdfSha256(), aead: new Aes256Gcm() })
  const recipientKey = await kem.importKey('jwk', key.export({ format: 'jwk' }), false)
  return suite.open({ recipientKey, enc, info }, ciphertext)
}
