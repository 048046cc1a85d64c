import { Readable } from 'node:stream'

/**
 * Passes a stream on, and tells afterwards whether it was the stream that failed, or whoever took from it.
 * @returns `watched` takes the stream's place
 */
export function watchSource(source: Readable): { watched: Readable; failed(): boolean } {
  let failed = false
  async function* pieces() {
    const iterator = source[Symbol.asyncIterator]()
    const next = () =>
      iterator.next().catch((error: unknown) => {
        failed = true
        throw error
      })
    try {
      // What whoever takes from it fails with is thrown at the `yield`, and is none of the stream's.
      for (let piece = await next(); !piece.done; piece = await next()) yield piece.value
    } finally {
      source.destroy()
    }
  }
  return { watched: Readable.from(pieces(), { objectMode: false }), failed: () => failed }
}
