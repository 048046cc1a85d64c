import fc from 'fast-check'
import { expect, it } from 'vitest'
import { isDeeperThan } from './json-depth.ts'

const depthOf = (value: unknown): number =>
  typeof value === 'object' && value !== null ? 1 + Math.max(0, ...Object.values(value).map(depthOf)) : 0

it('counts the levels of any JSON, whatever its texts hold', () => {
  const text = fc.string({ unit: fc.constantFrom('[', '{', '"', '\\', ']', 'é', 'a') })
  const { json } = fc.letrec((tie) => ({
    json: fc.oneof({ maxDepth: 8 }, text, fc.integer(), fc.array(tie('json')), fc.dictionary(text, tie('json'))),
  }))
  fc.assert(
    fc.property(json, (value) => {
      const bytes = Buffer.from(JSON.stringify(value))
      const depth = depthOf(value)
      expect([isDeeperThan(depth, bytes), isDeeperThan(Math.max(0, depth - 1), bytes)]).toEqual([false, depth > 0])
    }),
  )
})

it('does not overflow at a million levels', () => {
  expect(isDeeperThan(32, Buffer.from('['.repeat(1_000_000)))).toBe(true)
})
