import { createCipheriv, createDecipheriv, createSecretKey } from 'node:crypto'
import { Transform, type TransformCallback } from 'node:stream'

/*
 * A file is sealed chunk by chunk (the STREAM construction of Hoang, Reyhanitabar, Rogaway and Vizár, 2015, as age uses it),
 * so that it can be read while it comes, and no chunk can be changed, left out, repeated or moved without its being noticed.
 * Each chunk is 64 KiB of text under AES-256-GCM, followed by its tag; the nonce is the chunk's number, and 1 in its last
 * byte at the last chunk, which is shorter or empty.
 */

const textBytes = 64 * 1024
const tagBytes = 16
const sealedBytes = textBytes + tagBytes

function nonceOf(number: number, isLast: boolean): Buffer {
  const nonce = Buffer.alloc(12)
  nonce.writeBigUInt64BE(BigInt(number), 3)
  nonce[11] = isLast ? 1 : 0
  return nonce
}

/** Cuts what comes into chunks of a size, and tells which is the last: the only one that is shorter, if need be empty. */
function inChunks(size: number, work: (chunk: Buffer, isLast: boolean) => Buffer): Transform {
  let rest: Buffer = Buffer.alloc(0)
  const attempt = (done: TransformCallback, make: () => Buffer) => {
    try {
      done(null, make())
    } catch (error) {
      done(error instanceof Error ? error : new Error('the chunk cannot be read'))
    }
  }
  return new Transform({
    transform(piece: Buffer, _encoding, done) {
      rest = rest.length === 0 ? piece : Buffer.concat([rest, piece])
      const whole: Buffer[] = []
      attempt(done, () => {
        // A full chunk may still be the last one: it waits until more comes.
        while (rest.length > size) {
          whole.push(work(rest.subarray(0, size), false))
          rest = rest.subarray(size)
        }
        return Buffer.concat(whole)
      })
    },
    flush(done) {
      attempt(done, () => work(rest, true))
    },
  })
}

/** Seals a stream. @param key 32 bytes, for this one file alone */
export function sealChunks(key: Buffer): Transform {
  const secret = createSecretKey(key)
  let number = 0
  return inChunks(textBytes, (text, isLast) => {
    const cipher = createCipheriv('aes-256-gcm', secret, nonceOf(number, isLast))
    number += 1
    return Buffer.concat([cipher.update(text), cipher.final(), cipher.getAuthTag()])
  })
}

/** Opens what `sealChunks` made. The stream fails where a single bit of it differs, or where it was cut off. */
export function openChunks(key: Buffer): Transform {
  const secret = createSecretKey(key)
  let number = 0
  return inChunks(sealedBytes, (sealed, isLast) => {
    const end = sealed.length - tagBytes
    if (end < 0) throw new Error(`chunk ${number} is cut off`)
    const decipher = createDecipheriv('aes-256-gcm', secret, nonceOf(number, isLast), { authTagLength: tagBytes })
    decipher.setAuthTag(sealed.subarray(end))
    try {
      const text = Buffer.concat([decipher.update(sealed.subarray(0, end)), decipher.final()])
      number += 1
      return text
    } catch {
      throw new Error(`chunk ${number} is not as it was written`)
    }
  })
}
