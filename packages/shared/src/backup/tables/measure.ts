import { createHash } from 'node:crypto'
import { Transform } from 'node:stream'

/** Passes bytes on, and tells how many there were and their SHA-256. */
export function measure(): { stream: Transform; bytes(): number; sha256(): string } {
  const sha = createHash('sha256')
  let bytes = 0
  const stream = new Transform({
    transform(piece: Buffer, _encoding, done) {
      bytes += piece.length
      sha.update(piece)
      done(null, piece)
    },
  })
  return { stream, bytes: () => bytes, sha256: () => sha.copy().digest('hex') }
}
