import fc from 'fast-check'
import { describe, expect, it } from 'vitest'
import { chooseKept } from './retention.ts'

const at = (number: number, createdAt: string) => ({ number, createdAt: `${createdAt}:00.000Z` })
const sorted = (kept: Set<number>) => [...kept].sort((a, b) => a - b)

describe('chooseKept', () => {
  it('keeps the newest of each of the last days and weeks', () => {
    // 2026-11-23 is a Monday.
    const backups = [
      at(1, '2026-11-08T02:00'),
      at(2, '2026-11-15T02:00'),
      at(3, '2026-11-16T02:00'),
      at(4, '2026-11-22T02:00'),
      at(5, '2026-11-23T02:00'),
      at(6, '2026-11-24T02:00'),
      at(7, '2026-11-24T12:00'),
    ]
    expect(sorted(chooseKept(backups, { daily: 2, weekly: 0 }))).toEqual([5, 7])
    expect(sorted(chooseKept(backups, { daily: 0, weekly: 3 }))).toEqual([2, 4, 7])
    expect(sorted(chooseKept(backups, { daily: 2, weekly: 3 }))).toEqual([2, 4, 5, 7])
    expect(sorted(chooseKept(backups, { daily: 0, weekly: 0 }))).toEqual([1, 2, 3, 4, 5, 6, 7])
  })

  const backup = fc.record({
    number: fc.nat(10_000),
    createdAt: fc
      .date({ min: new Date('2026-01-01'), max: new Date('2027-12-31'), noInvalidDate: true })
      .map((date) => date.toISOString()),
  })
  const keep = fc.record({ daily: fc.nat(10), weekly: fc.nat(10) })
  it('always keeps the newest, never more than asked for, and the same when it is done again', () => {
    fc.assert(
      fc.property(
        fc.uniqueArray(backup, { selector: ({ number }) => number, minLength: 1, maxLength: 60 }),
        keep,
        (backups, by) => {
          const kept = chooseKept(backups, by)
          const newest = backups.toSorted((a, b) => b.createdAt.localeCompare(a.createdAt) || b.number - a.number)[0]
          expect(kept.has(newest?.number ?? -1)).toBe(true)
          if (by.daily + by.weekly > 0) expect(kept.size).toBeLessThanOrEqual(by.daily + by.weekly + 1)
          const left = backups.filter(({ number }) => kept.has(number))
          expect(sorted(chooseKept(left, by))).toEqual(sorted(kept))
        },
      ),
    )
  })
})
