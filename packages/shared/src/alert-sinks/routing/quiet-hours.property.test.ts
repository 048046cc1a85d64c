import fc from 'fast-check'
import { describe, expect, it } from 'vitest'
import type { QuietHours } from '../schemas.ts'
import { quietEnd } from './quiet-hours.ts'

const zones = ['UTC', 'Europe/Berlin', 'America/New_York', 'Asia/Kolkata', 'Australia/Lord_Howe', 'Pacific/Auckland']
const two = (number: number) => String(number).padStart(2, '0')
const clock = fc.integer({ min: 0, max: 1439 }).map((minute) => `${two(Math.floor(minute / 60))}:${two(minute % 60)}`)
const quietHours = fc
  .record({ from: clock, to: clock, timeZone: fc.constantFrom(...zones) })
  .filter(({ from, to }) => from !== to)

/** Any moment of two years, and often one near a change of clocks in Berlin or New York. */
const changes = ['2026-03-29T01:00Z', '2026-10-25T01:00Z', '2026-03-08T07:00Z', '2026-11-01T06:00Z'].map(Date.parse)
const at = fc.oneof(
  fc.integer({ min: Date.UTC(2026, 0, 1), max: Date.UTC(2027, 11, 31) }),
  fc.tuple(fc.constantFrom(...changes), fc.integer({ min: -180, max: 180 })).map(([ms, by]) => ms + by * 60_000),
)

/** What a clock on the wall shows, by another way than the rule's. */
function wallClock(timeZone: string, ms: number): string {
  return new Intl.DateTimeFormat('en-GB', { timeZone, hour: '2-digit', minute: '2-digit', hourCycle: 'h23' }).format(ms)
}
const isQuiet = ({ from, to, timeZone }: QuietHours, ms: number) => {
  const now = wallClock(timeZone, ms)
  return from < to ? from <= now && now < to : from <= now || now < to
}

describe('quietEnd', () => {
  it('gives the first moment that is not quiet, whatever the clocks do', () => {
    fc.assert(
      fc.property(quietHours, at, (quiet, ms) => {
        const end = quietEnd(quiet, ms)
        expect(end !== undefined).toBe(isQuiet(quiet, ms))
        if (end === undefined) return
        expect(end).toBeGreaterThan(ms)
        expect(end - ms).toBeLessThanOrEqual(25 * 3_600_000)
        expect(isQuiet(quiet, end), 'it is over then').toBe(false)
        for (let before = end - 1; before >= ms; before -= 17 * 60_000) expect(isQuiet(quiet, before)).toBe(true)
      }),
      { numRuns: 500, examples: [[{ from: '02:01', to: '09:40', timeZone: 'Europe/Berlin' }, 1_792_889_940_000]] },
    )
  })

  it.each([
    ['a night', '2026-01-06T23:30+01:00', '2026-01-07T07:00+01:00'],
    ['its later half', '2026-01-07T03:00+01:00', '2026-01-07T07:00+01:00'],
    ['a night that loses an hour', '2026-03-28T23:00+01:00', '2026-03-29T07:00+02:00'],
    ['a night that gains one', '2026-10-24T23:00+02:00', '2026-10-25T07:00+01:00'],
    ['a day', '2026-01-07T12:00+01:00', undefined],
    ['the moment of its end', '2026-01-07T07:00+01:00', undefined],
  ])('knows %s', (_, moment, end) => {
    const quiet = { from: '22:00', to: '07:00', timeZone: 'Europe/Berlin' }
    expect(quietEnd(quiet, Date.parse(moment))).toBe(end === undefined ? undefined : Date.parse(end))
  })

  it('ends at the jump where its last time is left out', () => {
    const quiet = { from: '22:00', to: '02:30', timeZone: 'Europe/Berlin' }
    expect(quietEnd(quiet, Date.parse('2026-03-29T01:30+01:00'))).toBe(Date.parse('2026-03-29T03:00+02:00'))
    expect(quietEnd(quiet, Date.parse('2026-03-28T23:00+01:00'))).toBe(Date.parse('2026-03-29T03:00+02:00'))
  })
})
