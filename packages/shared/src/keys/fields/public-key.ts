import { createPublicKey, type KeyObject } from 'node:crypto'
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
    if (key.asymmetricKeyType === 'x25519') return key
    const bits = key.asymmetricKeyDetails?.modulusLength ?? 0
    return key.asymmetricKeyType === 'rsa' && bits >= minRsaBits ? key : undefined
  } catch {
    return undefined
  }
}
