import { createPrivateKey, createPublicKey, hash, type KeyObject, sign, verify } from 'node:crypto'
import { deriveKey } from './derive-key.ts'

/** Signs what has to be provable later, and to others than us (Ed25519, RFC 8032). */
export interface Signer {
  /** Of the key that signs now. */
  readonly publicKey: PublicKey
  sign(text: string): Signature
  /** Tells whether one of our keys, of now or of before, made a signature over a text. */
  verify(text: string, signature: Signature): boolean
}

export interface PublicKey {
  /** The first 8 bytes of the SHA-256 of the public key, in hex. */
  keyId: string
  /** The 32 bytes of the public key, in base64. */
  key: string
}

export interface Signature {
  keyId: string
  /** 64 bytes. */
  bytes: Buffer
}

/** What the signatures under the heads of the audit log are for. */
export const auditPurpose = 'audit head'

/** What stands before a raw key in PKCS #8 and SPKI (RFC 8410). */
const privateFront = Buffer.from('302e020100300506032b657004220420', 'hex')
const publicFront = Buffer.from('302a300506032b6570032100', 'hex')

/**
 * Makes a signer from master keys, each 32 bytes in base64: the first one signs, all of them verify. The key pair comes
 * from the master key by HKDF (RFC 5869), so there is no second secret to keep.
 * @param purpose keeps signatures for one thing from being taken for another
 */
export function createSigner(masterKeys: readonly [string, ...string[]], purpose: string): Signer {
  const [first, ...others] = masterKeys
  const current = deriveKeyPair(first, purpose)
  const keys = [current, ...others.map((key) => deriveKeyPair(key, purpose))]
  return {
    publicKey: current.publicKey,
    sign: (text) => ({ keyId: current.publicKey.keyId, bytes: sign(null, Buffer.from(text), current.privateKey) }),
    verify: (text, { keyId, bytes }) =>
      keys.some(({ publicKey }) => publicKey.keyId === keyId && verifyWith(publicKey.key, text, bytes)),
  }
}

/** Verifies a signature by a public key alone. @param publicKey 32 bytes in base64 */
export function verifyWith(publicKey: string, text: string, signature: Buffer): boolean {
  const key = createPublicKey({
    key: Buffer.concat([publicFront, Buffer.from(publicKey, 'base64')]),
    format: 'der',
    type: 'spki',
  })
  return verify(null, Buffer.from(text), key, signature)
}

/** The id of a public key. @param publicKey 32 bytes in base64 */
export function publicKeyId(publicKey: string): string {
  return hash('sha256', Buffer.from(publicKey, 'base64'), 'buffer').toString('hex').slice(0, 16)
}

function deriveKeyPair(masterKey: string, purpose: string): { privateKey: KeyObject; publicKey: PublicKey } {
  const seed = deriveKey(masterKey, purpose)
  const privateKey = createPrivateKey({ key: Buffer.concat([privateFront, seed]), format: 'der', type: 'pkcs8' })
  const key = createPublicKey(privateKey)
    .export({ format: 'der', type: 'spki' })
    .subarray(publicFront.length)
    .toString('base64')
  return { privateKey, publicKey: { keyId: publicKeyId(key), key } }
}
