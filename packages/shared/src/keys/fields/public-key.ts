import { createPublicKey, diffieHellman, generateKeyPairSync, type KeyObject, publicEncrypt } from 'node:crypto'
import { z } from 'zod'

const minRsaBits = 2048
/** A key of 16,384 bits takes 2.9 KB as PEM. */
const maxLength = 4096

/**
 * A holder's public key, as PEM (SPKI): X25519, or RSA of at least 2048 bits. Written back in one form, so that what is
 * compared and audited is what was meant.
 */
export const publicKeySchema = z
  .string()
  .max(maxLength)
  .transform((text, context) => {
    const key = readPublicKey(text)
    if (key) return key.export({ type: 'spki', format: 'pem' }).toString()
    context.addIssue({ code: 'custom', message: 'must be a public key as PEM: X25519, or RSA of at least 2048 bits' })
    return z.NEVER
  })
  .meta({ description: 'PEM (SPKI), X25519 or RSA: successors are given encrypted to it' })

function readPublicKey(text: string): KeyObject | undefined {
  // `createPublicKey` would take a private key as well, and derive the public one: nobody should send that.
  if (!text.includes('-----BEGIN PUBLIC KEY-----') || text.includes('PRIVATE')) return undefined
  try {
    const key = createPublicKey(text)
    return isUsable(key) ? key : undefined
  } catch {
    return undefined
  }
}

/** Tries it, since a key that can be read but not encrypted to would fail each rotation. @throws Error where it cannot */
function isUsable(key: KeyObject): boolean {
  if (key.asymmetricKeyType === 'x25519') {
    // Points of low order give no shared secret.
    return diffieHellman({ privateKey: generateKeyPairSync('x25519').privateKey, publicKey: key }).length > 0
  }
  const { modulusLength = 0, publicExponent = 0n } = key.asymmetricKeyDetails ?? {}
  // With the exponent 1 a ciphertext is its own plaintext.
  if (key.asymmetricKeyType !== 'rsa' || modulusLength < minRsaBits || publicExponent < 3n) return false
  return publicEncrypt(key, Buffer.from('any')).length > 0
}
