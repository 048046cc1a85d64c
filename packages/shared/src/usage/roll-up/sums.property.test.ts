import fc from 'fast-check'
import { describe, expect, it } from 'vitest'
import type { UsageEvent } from '../event.ts'
import { joinColumns, readColumns, toColumns } from './columns.ts'
import { sumEvents } from './sums.ts'

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

/** Adds up amounts of rows by what comes before them: key and minute; key, hour and address. */
const total = (rows: readonly (readonly unknown[])[], by: number, amount: number) => {
  const sums = new Map<string, number>()
  for (const row of rows) {
    const place = row.slice(0, by).join(' ')
    sums.set(place, (sums.get(place) ?? 0) + Number(row[amount]))
  }
  return new Map([...sums].sort())
}

describe('sums', () => {
  it('are the same whether events come at once or in parts, and hold each event once', () => {
    fc.assert(
      fc.property(fc.array(event), fc.nat(20), (events, cut) => {
        const whole = sumEvents(events)
        const parts = [sumEvents(events.slice(0, cut)), sumEvents(events.slice(cut))]
        const minutes = parts.flatMap((part) => part.minutes)
        const addresses = parts.flatMap((part) => part.addresses)
        for (const amount of [2, 3, 4, 5]) expect(total(minutes, 2, amount)).toEqual(total(whole.minutes, 2, amount))
        for (const amount of [3, 4]) expect(total(addresses, 3, amount)).toEqual(total(whole.addresses, 3, amount))
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

  it('cross as columns that hold the rows of all batches, in their order', () => {
    fc.assert(
      fc.property(fc.array(fc.array(event, { maxLength: 5 }), { maxLength: 4 }), (batches) => {
        const parts = batches.map(sumEvents)
        const texts = parts.map((part) => JSON.stringify(toColumns(part)))
        const joined = joinColumns(texts.map(readColumns))
        // What an older version left was written as rows.
        expect(joinColumns(parts.map((part) => readColumns(JSON.stringify(part))))).toEqual(joined)
        for (const table of ['minutes', 'addresses', 'secrets'] as const) {
          const rows: readonly (readonly unknown[])[] = parts.flatMap((part): unknown[][] => part[table])
          const columns = joined[table].map((column) => (column === '' ? [] : column.split(',')))
          expect(columns).toEqual(columns.map((_, index) => rows.map((row) => String(row[index]))))
        }
        expect(joined.months['1970-01'] ?? 0).toBe(
          batches.flat().filter(({ sighting }) => sighting?.counted ?? true).length,
        )
      }),
    )
  })

  it('keep what no address is within its quotes', () => {
    const [keyId] = ids
    const strange = toColumns({ minutes: [], secrets: [], addresses: [[keyId ?? '', 0, 'a",b\\}', 1, 0, 0, 0]] })
    expect(strange.addresses[2]).toBe('"a\\",b\\\\}"')
  })

  it.each(['no JSON', '[]', '{}', '{"v":2}', '{"v":3,"months":{},"minutes":[],"addresses":[],"secrets":[]}'])(
    'are not %s',
    (text) => expect(() => readColumns(text)).toThrow(),
  )
})
