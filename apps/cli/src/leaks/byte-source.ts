export interface ByteSource {
  /** @returns undefined at the end */
  line(): Promise<string | undefined>
  /** Gives the next bytes, as they come. */
  take(size: number): AsyncGenerator<Buffer>
  /** Leaves out what was not read of what was taken last. */
  drain(): Promise<void>
}

/** Reads lines and amounts of bytes from a stream, in turn. */
export function createByteSource(stream: AsyncIterable<Buffer>): ByteSource {
  const iterator = stream[Symbol.asyncIterator]()
  let rest: Buffer = Buffer.alloc(0)
  let open = 0
  /** @returns false at the end */
  const more = async (): Promise<boolean> => {
    const { value, done } = await iterator.next()
    if (done) return false
    rest = rest.length === 0 ? value : Buffer.concat([rest, value])
    return true
  }
  const next = async (): Promise<Buffer> => {
    if (rest.length === 0 && !(await more())) throw new Error('git ended too early')
    const piece = rest.subarray(0, open)
    rest = rest.subarray(piece.length)
    open -= piece.length
    return piece
  }
  return {
    async line() {
      let end = rest.indexOf('\n')
      for (; end < 0; end = rest.indexOf('\n')) if (!(await more())) return undefined
      const text = rest.toString('utf8', 0, end)
      rest = rest.subarray(end + 1)
      return text
    },
    async *take(size) {
      open = size
      while (open > 0) yield await next()
    },
    async drain() {
      while (open > 0) await next()
    },
  }
}
