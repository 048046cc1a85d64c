import { randomBytes } from 'node:crypto'
import { Readable } from 'node:stream'
import { buffer } from 'node:stream/consumers'
import fc from 'fast-check'
import { describe, expect, it } from 'vitest'
import { openChunks, sealChunks } from './chunks.ts'

const key = randomBytes(32)
const pieces = (bytes: Buffer, size: number) =>
  Readable.from(
    Array.from({ length: Math.ceil(bytes.length / size) }, (_, at) => bytes.subarray(at * size, (at + 1) * size)),
  )
const seal = (text: Buffer, size = 10_000) => buffer(pieces(text, size).pipe(sealChunks(key)))
const open = (sealed: Buffer, size = 10_000, by = key) =>
  buffer(Readable.from(pieces(sealed, size)).compose(openChunks(by)))

const chunk = 64 * 1024

describe('a sealed stream', () => {
  it.each([0, 1, chunk - 1, chunk, chunk + 1, 3 * chunk, 200_000])(
    'of %i bytes opens again, however it is cut',
    async (length) => {
      const text = randomBytes(length)
      const sealed = await seal(text, 7_777)
      expect((await open(sealed, 100_000)).equals(text)).toBe(true)
      expect((await open(sealed, 999)).equals(text)).toBe(true)
      // As many chunks as it takes, and one at least, each with its tag.
      expect(sealed.length).toBe(length + 16 * Math.max(1, Math.ceil(length / chunk)))
    },
  )

  it('opens under no other key', async () => {
    await expect(open(await seal(Buffer.from('text')), 100, randomBytes(32))).rejects.toThrow('chunk 0')
  })

  it('shows a flipped bit anywhere, and names the chunk', async () => {
    const sealed = await seal(randomBytes(2 * chunk + 1_000))
    await fc.assert(
      fc.asyncProperty(fc.nat(sealed.length - 1), fc.nat(7), async (at, bit) => {
        const flipped = Buffer.from(sealed)
        flipped[at] = (flipped[at] ?? 0) ^ (1 << bit)
        const number = Math.floor(at / (chunk + 16))
        await expect(open(flipped, 100_000)).rejects.toThrow(`chunk ${number} is not as it was written`)
      }),
      { numRuns: 40 },
    )
  })

  it('shows what was cut off, put on, left out, repeated or moved', async () => {
    const sealed = await seal(randomBytes(3 * chunk))
    const part = (n: number) => sealed.subarray(n * (chunk + 16), (n + 1) * (chunk + 16))
    for (const changed of [
      sealed.subarray(0, -1),
      sealed.subarray(0, 2 * (chunk + 16)),
      sealed.subarray(0, 5),
      Buffer.alloc(0),
      Buffer.concat([sealed, Buffer.from([0])]),
      Buffer.concat([part(0), part(2)]),
      Buffer.concat([part(0), part(0), part(1), part(2)]),
      Buffer.concat([part(1), part(0), part(2)]),
    ])
      await expect(open(changed)).rejects.toThrow('chunk')
  })
})
