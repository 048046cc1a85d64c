import { Transform } from 'node:stream'

const newline = 0x0a

/** Passes on what `COPY` writes, and counts its rows: each ends with a newline, and none holds one. */
export function countRows(): { stream: Transform; rows(): number } {
  let rows = 0
  const stream = new Transform({
    transform(piece: Buffer, _encoding, done) {
      for (let at = piece.indexOf(newline); at >= 0; at = piece.indexOf(newline, at + 1)) rows += 1
      done(null, piece)
    },
  })
  return { stream, rows: () => rows }
}
