import { createCipheriv, createDecipheriv, createHash, createSecretKey, randomBytes } from 'node:crypto'

/** Seals and opens small secrets under the master key (AES-256-GCM). */
export interface Seal {
  /** `context` is authenticated beside the text: a sealed text opens only in the place it was made for. */
  seal(text: string, context: string): Buffer
  /** @throws Error where the key, the context or a single bit differs */
  open(sealed: Buffer, context: string): string
}

const format = 1
const idBytes = 8
const nonceBytes = 12
const tagBytes = 16

/**
 * Makes a seal from a master key: 32 bytes in base64. The envelope is format, key id, nonce, tag, text; the key id
 * (the first bytes of the key's SHA-256) tells under which master key a text was sealed, so that one can follow another.
 */
export function createSeal(masterKey: string): Seal {
  const bytes = Buffer.from(masterKey, 'base64')
  const key = createSecretKey(bytes)
  const keyId = createHash('sha256').update('momentry master key id').update(bytes).digest().subarray(0, idBytes)
  const header = Buffer.concat([Buffer.from([format]), keyId])
  return {
    seal(text, context) {
      const nonce = randomBytes(nonceBytes)
      const cipher = createCipheriv('aes-256-gcm', key, nonce).setAAD(Buffer.concat([header, Buffer.from(context)]))
      const body = Buffer.concat([cipher.update(text, 'utf8'), cipher.final()])
      return Buffer.concat([header, nonce, cipher.getAuthTag(), body])
    },
    open(sealed, context) {
      if (!sealed.subarray(0, header.length).equals(header)) throw new Error('sealed under another master key')
      const nonce = sealed.subarray(header.length, header.length + nonceBytes)
      const tag = sealed.subarray(header.length + nonceBytes, header.length + nonceBytes + tagBytes)
      const decipher = createDecipheriv('aes-256-gcm', key, nonce, { authTagLength: tagBytes })
        .setAAD(Buffer.concat([header, Buffer.from(context)]))
        .setAuthTag(tag)
      const body = sealed.subarray(header.length + nonceBytes + tagBytes)
      return Buffer.concat([decipher.update(body), decipher.final()]).toString('utf8')
    },
  }
}
