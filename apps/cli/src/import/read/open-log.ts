import { createHash } from 'node:crypto'
import { createReadStream } from 'node:fs'
import { pipeline, type Readable } from 'node:stream'
import { createGunzip } from 'node:zlib'

export interface OpenLog {
  /** What the file holds, unpacked where it is gzip (told by its first bytes, RFC 1952, never by its name). */
  chunks: AsyncIterable<Buffer>
  /** SHA-256 of the file as it lies there, in hex; once `chunks` have been read to the end. */
  digest(): string
}

/** Opens a log. @param file its path, or `-` for standard input */
export function openLog(file: string, stdin: Readable): OpenLog {
  const source = file === '-' ? stdin : createReadStream(file)
  const hash = createHash('sha256')
  return { chunks: unpack(source, hash), digest: () => hash.digest('hex') }
}

async function* unpack(source: Readable, hash: ReturnType<typeof createHash>): AsyncGenerator<Buffer> {
  const raw = hashed(source, hash)
  let head: Buffer = Buffer.alloc(0)
  while (head.length < 2) {
    const next = await raw.next()
    if (next.done) break
    head = Buffer.concat([head, next.value])
  }
  const whole = prepend(head, raw)
  if (head[0] !== 0x1f || head[1] !== 0x8b) return yield* whole
  // A failure ends the reading of what the pipeline gives, too.
  const gunzip = pipeline(whole, createGunzip(), () => undefined)
  for await (const chunk of gunzip) yield Buffer.from(chunk)
}

async function* hashed(source: Readable, hash: ReturnType<typeof createHash>): AsyncGenerator<Buffer> {
  for await (const chunk of source) {
    const bytes = Buffer.from(chunk)
    hash.update(bytes)
    yield bytes
  }
}

async function* prepend(head: Buffer, rest: AsyncIterable<Buffer>): AsyncGenerator<Buffer> {
  yield head
  yield* rest
}
