import fc from 'fast-check'
import { describe, expect, it } from 'vitest'
import type { UsageEvent } from '../event.ts'
import { mergeSums, parseSums, type Sums, sumEvents, sumsSchema } from './sums.ts'

const ids = ['019a2b3c-4d5e-7f60-8a9b-0c1d2e3f4a5b', '019a2b3c-4d5e-7f60-8a9b-0c1d2e3f4a5c']
const sighting = fc.record({
  counted: fc.boolean(),
  version: fc.integer({ min: 1, max: 2 }),
  rotationId: fc.constantFrom(undefined, ...ids),
  alarm: fc.constant(undefined),
  useId: fc.uuid(),
})
const event: fc.Arbitrary<UsageEvent> = fc.record({
  keyId: fc.constantFrom(...ids),
  at: fc.integer({ min: 0, max: 8_000_000 }),
  ip: fc.constantFrom(undefined, '192.0.2.1', '2001:db8::1'),
  status: fc.constantFrom(200, 401, 500),
  latencyMs: fc.option(fc.integer({ min: 0, max: 50 }), { nil: undefined }),
  sighting: fc.option(sighting, { nil: undefined }),
})

const inOrder = ({ minutes, addresses, secrets }: Sums) => {
  const sort = (rows: readonly unknown[]) => rows.map((row) => JSON.stringify(row)).sort()
  return { minutes: sort(minutes), addresses: sort(addresses), secrets: sort(secrets) }
}

describe('sums', () => {
  it('are the same whether events come at once or in parts, and hold each event once', () => {
    fc.assert(
      fc.property(fc.array(event), fc.nat(20), (events, cut) => {
        const whole = sumEvents(events)
        const parts = [sumEvents(events.slice(0, cut)), sumEvents(events.slice(cut))]
        expect(inOrder(mergeSums(parts))).toEqual(inOrder(whole))
        const counted = events.filter(({ sighting }) => sighting?.counted ?? true)
        const places = new Set(counted.map(({ keyId, at }) => `${keyId} ${Math.floor(at / 60_000)}`))
        expect(whole.minutes).toHaveLength(places.size)
        expect(whole.minutes.reduce((sum, [, , requests]) => sum + requests, 0)).toBe(counted.length)
        expect(whole.addresses.reduce((sum, [, , , requests]) => sum + requests, 0)).toBe(
          counted.filter(({ ip }) => ip !== undefined).length,
        )
      }),
    )
  })

  it('are read as the schema reads them', () => {
    const wrong = fc.oneof({ weight: 9, arbitrary: fc.constant(undefined) }, fc.jsonValue({ maxDepth: 1 }))
    const place = fc.tuple(fc.constantFrom('minutes', 'addresses', 'secrets', 'more'), fc.nat(3), fc.nat(7))
    fc.assert(
      fc.property(fc.array(event, { maxLength: 5 }), wrong, place, (events, change, [table, row, column]) => {
        const value = JSON.parse(JSON.stringify(sumEvents(events)))
        if (change !== undefined)
          if (value[table]?.[row]) value[table][row][column] = change
          else value[table] = change
        const text = JSON.stringify(value)
        const read = sumsSchema.safeParse(JSON.parse(text))
        if (read.success) expect(parseSums(text)).toEqual(read.data)
        else expect(() => parseSums(text)).toThrow()
      }),
      { numRuns: 1000 },
    )
  })
})
