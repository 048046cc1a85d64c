import fc from 'fast-check'
import { describe, expect, it } from 'vitest'
import { readReport, reportUsageSchema } from './read.ts'

const text = (max: number) => fc.string({ maxLength: max, unit: 'binary' })
const upperOrLower = fc.uuid().chain((id) => fc.constantFrom(id, id.toUpperCase()))
const time = fc.oneof(
  fc.date({ noInvalidDate: true }).map((date) => date.toISOString()),
  fc.constantFrom('2026-02-29T00:00:00Z', '2024-02-29T23:59:59.123456+02:00', '2026-01-01T00:00:00', '24:00', ''),
)
const address = fc.oneof(
  fc.ipV4(),
  fc.ipV6(),
  fc.constantFrom('::FFFF:C000:201', '::ffff:192.0.2.1', '300.1.1.1', 'fe80::1%eth0', '01.2.3.4', ''),
)
const anything = fc.jsonValue({ maxDepth: 2 })

/** What is mostly an event, with a part here and there that is none. */
const event = fc.record(
  {
    id: fc.oneof({ weight: 9, arbitrary: text(110) }, anything),
    keyId: fc.oneof({ weight: 30, arbitrary: upperOrLower }, text(40), anything),
    at: fc.oneof({ weight: 9, arbitrary: time }, anything),
    ip: fc.oneof({ weight: 9, arbitrary: address }, anything),
    status: fc.oneof({ weight: 30, arbitrary: fc.integer({ min: 100, max: 599 }) }, fc.integer(), anything),
    method: fc.oneof({ weight: 9, arbitrary: text(22) }, anything),
    path: fc.oneof({ weight: 9, arbitrary: text(60) }, fc.constant('💩'.repeat(1500)), anything),
    latencyMs: fc.oneof({ weight: 9, arbitrary: fc.double({ min: 0, max: 90_000_000 }) }, anything),
    more: anything,
    __proto__: anything,
  },
  { requiredKeys: ['keyId', 'status'] },
)
const fineEvent = fc.record(
  {
    id: fc.string({ minLength: 1, maxLength: 100 }),
    keyId: upperOrLower,
    at: fc
      .date({ noInvalidDate: true, min: new Date(0), max: new Date('9999-12-31') })
      .map((date) => date.toISOString()),
    ip: fc.oneof(fc.ipV4(), fc.ipV6()),
    status: fc.integer({ min: 100, max: 599 }),
    method: fc.constantFrom('GET', 'POST'),
    path: fc.webPath(),
    latencyMs: fc.double({ min: 0, max: 86_400_000, noNaN: true }),
  },
  { requiredKeys: ['keyId', 'status'] },
)
const overTheWire = (value: unknown): unknown => JSON.parse(JSON.stringify(value))

describe('readReport', () => {
  it('gives what the schema gives, to the letter, or leaves it to the schema', () => {
    fc.assert(
      fc.property(fc.oneof(fc.record({ events: fc.array(event, { maxLength: 3 }) }), anything), (report) => {
        const given = overTheWire(report)
        const read = readReport(given)
        if (read === undefined) return
        expect(JSON.stringify(read)).toBe(JSON.stringify(reportUsageSchema.parse(given)))
      }),
      { numRuns: 2000 },
    )
  })

  it('leaves nothing to the schema that is fine', () => {
    fc.assert(
      fc.property(fc.array(fineEvent, { minLength: 1, maxLength: 5 }), (events) => {
        const given = overTheWire({ events })
        expect(readReport(given)).toEqual(reportUsageSchema.parse(given))
      }),
      { numRuns: 500 },
    )
  })

  it('leaves what no report may hold to the schema', () => {
    const fine = { keyId: '019a2b3c-4d5e-7f60-8a9b-0c1d2e3f4a5b', status: 200 }
    expect(readReport({ events: [fine] })).toEqual({ events: [fine] })
    for (const wrong of [{ events: [] }, { events: [fine], more: 1 }, { events: Array(1001).fill(fine) }, [fine], null])
      expect(readReport(wrong)).toBeUndefined()
  })
})
