import fc from 'fast-check'
import { describe, expect, it } from 'vitest'
import { decodeEntry, encodeEntry, entrySchema } from './entry.ts'

const row = fc.tuple(
  fc.oneof({ weight: 9, arbitrary: fc.maxSafeNat() }, fc.double(), fc.constant(null)),
  fc.oneof(
    { weight: 9, arbitrary: fc.option(fc.ipV4()) },
    fc.constantFrom('x'.repeat(46), '💩'.repeat(30)),
    fc.integer(),
  ),
  fc.oneof({ weight: 9, arbitrary: fc.integer({ min: 0, max: 999 }) }, fc.integer()),
  fc.oneof({ weight: 9, arbitrary: fc.option(fc.double({ noNaN: true })) }, fc.string()),
)
const rows = fc.oneof(
  { weight: 9, arbitrary: fc.array(fc.oneof({ weight: 9, arbitrary: row }, fc.jsonValue())) },
  fc.jsonValue(),
)
const keys = fc.dictionary(fc.oneof({ weight: 9, arbitrary: fc.uuid() }, fc.string()), rows, { maxKeys: 3 })
const entry = fc.record({ v: fc.constantFrom(1, 1, 1, 2), keys, more: fc.jsonValue() }, { requiredKeys: ['v', 'keys'] })

const event = fc.record({
  keyId: fc.uuid(),
  at: fc.maxSafeNat(),
  ip: fc.option(fc.oneof(fc.ipV4(), fc.ipV6()), { nil: undefined }),
  status: fc.integer({ min: 0, max: 999 }),
  latencyMs: fc.option(fc.double({ min: 0, max: 1e9, noNaN: true }), { nil: undefined }),
})

describe('decodeEntry', () => {
  it('takes just the entries that the schema takes', () => {
    fc.assert(
      fc.property(fc.oneof(entry, fc.jsonValue()), (value) => {
        const text = JSON.stringify(value)
        const isEntry = entrySchema.safeParse(JSON.parse(text)).success
        if (isEntry) expect(decodeEntry(text)).toHaveLength(Object.values(JSON.parse(text).keys).flat().length)
        else expect(() => decodeEntry(text)).toThrow()
      }),
      { numRuns: 2000 },
    )
  })

  it('gives back each event that was put in, key by key', () => {
    fc.assert(
      fc.property(fc.array(event), (events) => {
        const byKey = [...Map.groupBy(events, ({ keyId }) => keyId).values()].flat()
        // JSON has no minus zero.
        expect(decodeEntry(encodeEntry(events))).toEqual(
          byKey.map((each) => ({ ...each, latencyMs: each.latencyMs === 0 ? 0 : each.latencyMs })),
        )
      }),
    )
  })
})
