import { parseSecret } from '@momentry/shared/keys/secret.ts'

/** One of our secrets, by its shape and its checksum: whether it is still good only a server knows. */
export interface FoundSecret {
  secret: string
  /** From 1. */
  line: number
}

const beginning = Buffer.from('mty_')
const newline = 0x0a
/** What is no longer than the longest type of key, two underscores, 43 characters and a checksum of 6. */
const longest = 80
const shape = /^mty_[a-z]+_[0-9A-Za-z]{43}_[0-9A-Za-z]{6}/

/**
 * Finds our secrets in bytes of whatever kind, as they come. Memory is bounded; one that lies across two pieces is found
 * as well.
 */
export async function* scanBytes(pieces: AsyncIterable<Buffer> | Iterable<Buffer>): AsyncGenerator<FoundSecret> {
  let rest: Buffer = Buffer.alloc(0)
  let line = 1
  for await (const piece of pieces) {
    // The first piece waits for the second, since it may be all that there is.
    if (rest.length === 0) {
      rest = piece
      continue
    }
    rest = Buffer.concat([rest, piece])
    const scanned = scanPart(rest, line, false)
    yield* scanned.found
    line = scanned.line
    rest = rest.subarray(scanned.done)
  }
  yield* scanPart(rest, line, true).found
}

interface Scanned {
  found: FoundSecret[]
  /** Bytes that need not be looked at again. */
  done: number
  /** The line of the first that must be. */
  line: number
}

function scanPart(bytes: Buffer, firstLine: number, isLast: boolean): Scanned {
  // By far the most of all files: nothing to look at, and no line to be told.
  if (isLast && !bytes.includes(beginning)) return { found: [], done: bytes.length, line: firstLine }
  const found: FoundSecret[] = []
  // What begins behind this may end in the next piece.
  const end = isLast ? bytes.length : Math.max(0, bytes.length - longest)
  let line = firstLine
  let counted = 0
  const countTo = (to: number) => {
    for (let at = bytes.indexOf(newline, counted); at >= 0 && at < to; at = bytes.indexOf(newline, at + 1)) line += 1
    counted = to
  }
  for (let at = bytes.indexOf(beginning); at >= 0 && at < end; at = bytes.indexOf(beginning, at + 1)) {
    const secret = shape.exec(bytes.toString('latin1', at, at + longest))?.[0]
    if (secret === undefined || parseSecret(secret) === undefined) continue
    countTo(at)
    found.push({ secret, line })
  }
  countTo(end)
  return { found, done: end, line }
}

/** A secret as it can be shown: its type, and the last characters before its checksum, by which people tell it. */
export function showSecret(secret: string): string {
  return `${secret.slice(0, secret.indexOf('_', 4) + 1)}…${secret.slice(-11, -7)}`
}
