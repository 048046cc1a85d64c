import { Readable } from 'node:stream'

/**
 * Passes a stream on, and tells afterwards whether it was the stream that failed, or whoever took from it.
 * @returns `watched` takes the stream's place
 */
export function watchSource(source: Readable): { watched: Readable; failed(): boolean } {
  let failed = false
  async function* pieces() {
    try {
      yield* source
    } catch (error) {
      failed = true
      throw error
    }
  }
  return { watched: Readable.from(pieces(), { objectMode: false }), failed: () => failed }
}
