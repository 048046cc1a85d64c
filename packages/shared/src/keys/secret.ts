import { hash, randomUUID } from 'node:crypto'
import { crc32 } from 'node:zlib'
import { type KeyType, keyTypes } from './kinds.ts'

/** A secret just made. The digest is what is stored; the secret itself is given to its holder and kept nowhere. */
export interface MadeSecret {
  secret: string
  /** SHA-256 of the secret, 32 bytes. */
  digest: Buffer
  /** The last four characters before the checksum, so that people can tell secrets apart. */
  hint: string
}

const alphabet = '0123456789ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz'
/** 62^43 > 2^256: room for the bytes of two UUIDs. */
const bodyLength = 43
/** 62^6 > 2^32: room for a CRC-32. */
const checkLength = 6
const hintLength = 4

const whole = new RegExp(`^mty_(?:${keyTypes.join('|')})_[0-9A-Za-z]{${bodyLength}}_[0-9A-Za-z]{${checkLength}}$`)

/** Makes a secret of DESIGN.md section 5: 244 random bits from two version-4 UUIDs, and a CRC-32 of what precedes it. */
export function makeSecret(type: KeyType): MadeSecret {
  const random = `${randomUUID()}${randomUUID()}`.replaceAll('-', '')
  const body = encodeBody(BigInt(`0x${random}`))
  const front = `mty_${type}_${body}_`
  const secret = front + checksum(front)
  return { secret, digest: hashSecret(secret), hint: body.slice(-hintLength) }
}

/**
 * Tells offline whether a text can be a secret at all: its shape and its checksum.
 * @returns the type that it names, or undefined for a typo or something else
 */
export function parseSecret(text: string): KeyType | undefined {
  if (!whole.test(text)) return undefined
  const front = text.slice(0, -checkLength)
  if (checksum(front) !== text.slice(-checkLength)) return undefined
  return keyTypes.find((type) => text.startsWith(`mty_${type}_`))
}

/** SHA-256 of a secret, as it is stored and looked up. */
export function hashSecret(secret: string): Buffer {
  // As a text and from there: it takes half the time of the buffer that `hash` makes.
  return Buffer.from(hash('sha256', secret, 'latin1'), 'latin1')
}

function checksum(front: string): string {
  let text = ''
  for (let rest = crc32(front); rest > 0; rest = Math.floor(rest / 62)) text = alphabet.charAt(rest % 62) + text
  return text.padStart(checkLength, '0')
}

function encodeBody(bytes: bigint): string {
  let text = ''
  for (let rest = bytes; rest > 0n; rest /= 62n) text = alphabet.charAt(Number(rest % 62n)) + text
  return text.padStart(bodyLength, '0')
}
