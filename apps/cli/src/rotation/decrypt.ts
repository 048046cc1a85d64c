import { constants, type KeyObject, privateDecrypt } from 'node:crypto'
import type { EncryptedKey } from '../api/rotation-shapes.ts'
import { exitCodes } from '../exit-codes.ts'
import { CliFailure } from '../failure.ts'

const info = new TextEncoder().encode('momentry rotation')

/**
 * Decrypts a successor that was encrypted to its holder's public key.
 * @throws CliFailure where the private key is another one, or the text was changed
 */
export async function decryptSuccessor(encrypted: EncryptedKey, privateKey: KeyObject): Promise<string> {
  const decrypt = decrypters.get(encrypted.algorithm)
  if (!decrypt)
    throw new CliFailure(
      exitCodes.failed,
      `the secret is encrypted with ${encrypted.algorithm}, which is not known here`,
    )
  try {
    return new TextDecoder('utf-8', { fatal: true }).decode(await decrypt(encrypted, privateKey))
  } catch {
    throw new CliFailure(
      exitCodes.failed,
      'the secret cannot be decrypted: the private key does not belong to the public key of the API key',
    )
  }
}

type Decrypter = (encrypted: EncryptedKey, privateKey: KeyObject) => Promise<Uint8Array>

const decrypters = new Map<string, Decrypter>([
  ['RSA-OAEP-256', decryptRsa],
  ['HPKE-X25519-HKDF-SHA256-AES-256-GCM', decryptHpke],
])

async function decryptRsa({ ciphertext }: EncryptedKey, key: KeyObject): Promise<Uint8Array> {
  const padding = constants.RSA_PKCS1_OAEP_PADDING
  return privateDecrypt({ key, padding, oaepHash: 'sha256' }, Buffer.from(ciphertext, 'base64url'))
}

/** HPKE (RFC 9180) in its base mode. */
async function decryptHpke({ enc = '', ciphertext }: EncryptedKey, key: KeyObject): Promise<Uint8Array> {
  // Loaded here only: most keys have no public key.
  const { Aes256Gcm, CipherSuite, DhkemX25519HkdfSha256, HkdfSha256 } = await import('@hpke/core')
  const suite = new CipherSuite({ kem: new DhkemX25519HkdfSha256(), kdf: new HkdfSha256(), aead: new Aes256Gcm() })
  const raw = Buffer.from(key.export({ format: 'jwk' }).d ?? '', 'base64url')
  const recipientKey = await suite.kem.deserializePrivateKey(raw)
  const opened = await suite.open(
    { recipientKey, enc: Buffer.from(enc, 'base64url'), info },
    Buffer.from(ciphertext, 'base64url'),
  )
  return new Uint8Array(opened)
}
