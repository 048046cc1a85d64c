import { createCipheriv, createDecipheriv, createHash, createSecretKey, type KeyObject, randomBytes } from 'node:crypto'

/** Seals and opens small secrets under the master key (AES-256-GCM). */
export interface Seal {
  /** `context` is authenticated beside the text: a sealed text opens only in the place it was made for. */
  seal(text: string, context: string): Buffer
  /** @throws Error where no key of ours made it, or where the context or a single bit differs */
  open(sealed: Buffer, context: string): string
  /** Tells whether a text was sealed under the key that seals now, and not under one that came before it. */
  isCurrent(sealed: Buffer): boolean
}

const format = 1
const idBytes = 8
const nonceBytes = 12
const tagBytes = 16

interface MasterKey {
  key: KeyObject
  /** Format and key id: what each envelope begins with. */
  header: Buffer
}

/**
 * Makes a seal from master keys, each 32 bytes in base64: the first one seals, all of them open, so that one can follow
 * another. The envelope is format, key id, nonce, tag, text; the key id (the first bytes of the key's SHA-256) tells
 * under which key a text was sealed.
 */
export function createSeal(masterKeys: readonly [string, ...string[]]): Seal {
  const [current, ...others] = masterKeys
  const first = readKey(current)
  const keys = [first, ...others.map(readKey)]
  return {
    seal(text, context) {
      const nonce = randomBytes(nonceBytes)
      const aad = Buffer.concat([first.header, Buffer.from(context)])
      const cipher = createCipheriv('aes-256-gcm', first.key, nonce).setAAD(aad)
      const body = Buffer.concat([cipher.update(text, 'utf8'), cipher.final()])
      return Buffer.concat([first.header, nonce, cipher.getAuthTag(), body])
    },
    open(sealed, context) {
      const found = keys.find((key) => isUnder(sealed, key))
      if (!found) throw new Error('sealed under another master key')
      const { key, header } = found
      const nonce = sealed.subarray(header.length, header.length + nonceBytes)
      const tag = sealed.subarray(header.length + nonceBytes, header.length + nonceBytes + tagBytes)
      const decipher = createDecipheriv('aes-256-gcm', key, nonce, { authTagLength: tagBytes })
        .setAAD(Buffer.concat([header, Buffer.from(context)]))
        .setAuthTag(tag)
      const body = sealed.subarray(header.length + nonceBytes + tagBytes)
      return Buffer.concat([decipher.update(body), decipher.final()]).toString('utf8')
    },
    isCurrent: (sealed) => isUnder(sealed, first),
  }
}

function readKey(text: string): MasterKey {
  const bytes = Buffer.from(text, 'base64')
  const keyId = createHash('sha256').update('momentry master key id').update(bytes).digest().subarray(0, idBytes)
  return { key: createSecretKey(bytes), header: Buffer.concat([Buffer.from([format]), keyId]) }
}

function isUnder(sealed: Buffer, { header }: MasterKey): boolean {
  return sealed.subarray(0, header.length).equals(header)
}
