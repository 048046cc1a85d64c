import fc from 'fast-check'
import { describe, expect, it } from 'vitest'
import { dueAt, rotationInterval } from './due-date.ts'

const day = 86_400
const since = Date.UTC(2026, 0, 5)

describe('dueAt', () => {
  it('lies before the secret is as old as the interval: by a tenth of it and by a day at the most', () => {
    fc.assert(
      fc.property(fc.uuid(), fc.integer({ min: 60, max: 3650 * day }), (keyId, interval) => {
        const early = since + interval * 1000 - dueAt(keyId, interval, since)
        expect(early).toBeGreaterThanOrEqual(0)
        expect(early).toBeLessThanOrEqual(Math.min(interval * 100, day * 1000) + 1)
      }),
    )
  })

  it('spreads keys that were made together', () => {
    const dates = Array.from({ length: 1000 }, (_, n) => dueAt(`key ${n}`, 30 * day, since))
    const perMinute = Map.groupBy(dates, (date) => Math.floor(date / 60_000))
    expect(Math.max(...[...perMinute.values()].map((group) => group.length))).toBeLessThan(20)
    expect(dueAt('one', day, since)).toBe(dueAt('one', day, since))
  })
})

describe('rotationInterval', () => {
  const of = (rotation: object | undefined) =>
    rotationInterval({ type: 'service', policy: rotation === undefined ? {} : { rotation } }, { service: day })

  it('is the key’s own, else that of its type, and none where the key says never', () => {
    expect([of({ intervalSeconds: 60 }), of({}), of(undefined), of({ intervalSeconds: null })]).toEqual([
      60,
      day,
      day,
      undefined,
    ])
    expect(rotationInterval({ type: 'user', policy: {} }, { service: day })).toBeUndefined()
  })
})
