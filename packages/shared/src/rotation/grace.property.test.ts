import fc from 'fast-check'
import { describe, expect, it } from 'vitest'
import { keyKinds, keyTypes } from '../keys/kinds.ts'
import { changeGraceEnd, graceEnd } from './grace.ts'

/** Any moment. Times lie within a few days of it, and often close to each other, so that terms cross. */
const start = Date.UTC(2026, 0, 6)
const day = 86_400
const time = fc.oneof(
  fc.integer({ min: start - 4 * day * 1000, max: start + 8 * day * 1000 }),
  fc
    .tuple(fc.constantFrom(0, 1, 60, 3600, day, 2 * day, 3 * day), fc.integer({ min: -1, max: 1 }))
    .map(([seconds, by]) => start + seconds * 1000 + by),
)
const seconds = (max: number) =>
  fc.oneof(fc.constantFrom(0, 1, 59, 60, 3600, day, 2 * day, 3 * day), fc.integer({ min: 0, max }))
const maybe = <T>(values: fc.Arbitrary<T>) => fc.option(values, { nil: undefined })
const type = fc.constantFrom(...keyTypes)

const terms = fc.record({
  type,
  policySeconds: maybe(seconds(3 * day)),
  requestedSeconds: maybe(seconds(3 * day)),
  intervalSeconds: maybe(seconds(10 * 365 * day)),
  forced: fc.boolean(),
  expiresAt: maybe(time),
})
const check = <T>(values: fc.Arbitrary<T>, hold: (value: T, now: number) => void) =>
  fc.assert(fc.property(values, time, hold), { numRuns: 5000 })

describe('graceEnd', () => {
  it('is now plus the smallest of the terms, but not past the expiry', () => {
    check(terms, (given, now) => {
      const end = graceEnd(given, now)
      expect(end).toBeGreaterThanOrEqual(now)
      const limits = [
        now + keyKinds[given.type].defaultGraceSeconds * 1000,
        now + (given.policySeconds ?? Number.POSITIVE_INFINITY) * 1000,
        now + (given.requestedSeconds ?? Number.POSITIVE_INFINITY) * 1000,
        now + (given.intervalSeconds ?? Number.POSITIVE_INFINITY) * 500,
        ...(given.forced ? [now] : []),
        // A key that has expired cannot be rotated; its secret is dead in any case.
        Math.max(now, given.expiresAt ?? Number.POSITIVE_INFINITY),
      ]
      for (const limit of limits) expect(end).toBeLessThanOrEqual(limit)
      // Nor is it shorter than it must be: half an odd interval loses half a second.
      expect(Math.min(...limits) - end).toBeLessThanOrEqual(500)
      expect(Number.isInteger(end)).toBe(true)
    })
  })

  it('never grows by a term more, by a smaller one, or by force', () => {
    check(fc.tuple(terms, terms), ([given, other], now) => {
      const end = graceEnd(given, now)
      for (const term of ['policySeconds', 'requestedSeconds', 'intervalSeconds', 'expiresAt'] as const) {
        const stricter = Math.min(given[term] ?? Number.POSITIVE_INFINITY, other[term] ?? Number.POSITIVE_INFINITY)
        if (Number.isFinite(stricter)) expect(graceEnd({ ...given, [term]: stricter }, now)).toBeLessThanOrEqual(end)
      }
      expect(graceEnd({ ...given, forced: true }, now)).toBe(now)
    })
  })
})

const running = fc
  .record({ type, supersededAt: time, graceSeconds: seconds(3 * day), expiresAt: maybe(time) })
  .map(({ graceSeconds, ...rest }) => ({ ...rest, endsAt: rest.supersededAt + graceSeconds * 1000 }))
  .filter(({ type, supersededAt, endsAt }) => endsAt <= supersededAt + keyKinds[type].defaultGraceSeconds * 1000)

describe('changeGraceEnd', () => {
  it('never brings back what is over, and otherwise keeps to the type and to the expiry', () => {
    check(fc.tuple(running, seconds(4 * day)), ([grace, asked], now) => {
      const end = changeGraceEnd(grace, asked, now)
      expect(end === undefined).toBe(now >= grace.endsAt)
      if (end === undefined) return
      expect(end).toBeGreaterThanOrEqual(now)
      const limits = [
        grace.supersededAt + asked * 1000,
        grace.supersededAt + keyKinds[grace.type].defaultGraceSeconds * 1000,
        grace.expiresAt ?? Number.POSITIVE_INFINITY,
      ]
      expect(end).toBe(Math.max(now, Math.min(...limits)))
      // What it says no secret can outlive: that of the type, and of the key.
      for (const limit of limits.slice(1)) expect(end).toBeLessThanOrEqual(Math.max(now, limit))
    })
  })

  it('stays within those limits however often it is changed, and ends once and for all', () => {
    const changes = fc.array(fc.record({ asked: seconds(4 * day), passes: seconds(day) }), { maxLength: 12 })
    check(fc.tuple(running, changes), ([grace, steps]) => {
      const { type, supersededAt, expiresAt } = grace
      const limit = supersededAt + keyKinds[type].defaultGraceSeconds * 1000
      let now = supersededAt
      let endsAt = grace.endsAt
      let over = false
      for (const { asked, passes } of steps) {
        const changed = changeGraceEnd({ type, supersededAt, endsAt, expiresAt }, asked, now)
        if (over) expect(changed).toBeUndefined()
        endsAt = changed ?? endsAt
        expect(endsAt).toBeLessThanOrEqual(limit)
        if (changed !== undefined) expect(changed).toBeLessThanOrEqual(Math.max(now, expiresAt ?? limit))
        now += passes * 1000
        over ||= now >= endsAt
      }
    })
  })
})
