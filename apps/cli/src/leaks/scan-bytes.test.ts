import { makeSecret } from '@momentry/shared/keys/secret.ts'
import fc from 'fast-check'
import { describe, expect, it } from 'vitest'
import { scanBytes, showSecret } from './scan-bytes.ts'

const { secret } = makeSecret('integration')
const cut = (bytes: Buffer, size: number) =>
  Array.from({ length: Math.ceil(bytes.length / size) }, (_, at) => bytes.subarray(at * size, (at + 1) * size))
const scan = (text: string | Buffer, size = 1_000) => Array.fromAsync(scanBytes(cut(Buffer.from(text), size)))

describe('scanBytes', () => {
  it('finds each secret with its line, however the bytes are cut', async () => {
    const other = makeSecret('user').secret
    const text = `one\r\n\nKEY="${secret}"\n${'x'.repeat(500)}\n${other}${secret}`
    for (const size of [1, 2, 7, 66, 67, 80, 81, 1_000])
      expect(await scan(text, size), `pieces of ${size}`).toEqual([
        { secret, line: 3 },
        { secret: other, line: 5 },
        { secret, line: 5 },
      ])
  })

  it('finds them in binary data', async () => {
    const binary = Buffer.concat([Buffer.from([0, 255, 10, 0]), Buffer.from(secret), Buffer.from([0])])
    expect(await scan(binary)).toEqual([{ secret, line: 2 }])
  })

  it('finds none that has a wrong checksum, an unknown type or an end too early', async () => {
    const changed = secret.replace(/.(?=_[^_]*$)/, (sign) => (sign === 'A' ? 'B' : 'A'))
    for (const text of [changed, secret.replace('integration', 'unknown'), secret.slice(0, -1), 'mty_', 'mty_mty_mty_'])
      expect(await scan(text)).toEqual([])
  })

  it('finds whatever is put into anything, and nothing else', async () => {
    const noise = fc.string({ unit: fc.constantFrom('m', 't', 'y', '_', '\n', 'A'), maxLength: 200 })
    await fc.assert(
      fc.asyncProperty(
        fc.array(noise, { minLength: 1, maxLength: 5 }),
        fc.integer({ min: 1, max: 300 }),
        async (parts, size) => {
          const found = await scan(parts.join(secret), size)
          expect(found.map((each) => each.secret)).toEqual(Array(parts.length - 1).fill(secret))
          const lines = parts.slice(0, -1).map(
            (_, at) =>
              parts
                .slice(0, at + 1)
                .join('')
                .split('\n').length,
          )
          expect(found.map(({ line }) => line)).toEqual(lines)
        },
      ),
    )
  })

  it('shows no more of one than people need', () => {
    expect(showSecret(secret)).toBe(`mty_integration_…${secret.slice(-11, -7)}`)
  })
})
