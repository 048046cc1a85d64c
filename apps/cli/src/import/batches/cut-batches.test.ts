import fc from 'fast-check'
import { describe, expect, it } from 'vitest'
import { createEventColumns } from '../event-columns.ts'
import { cutBatches } from './cut-batches.ts'

function eventsAt(seconds: readonly number[]) {
  const columns = createEventColumns()
  for (const second of seconds) columns.add({ at: second * 1000, value: '-', ip: undefined, status: 200 })
  return columns.sorted(Number.POSITIVE_INFINITY)
}

describe('cutBatches', () => {
  it('cuts at the end of a second', () => {
    const batches = cutBatches(eventsAt([1, 2, 2, 2, 3]), 3)
    expect(batches).toEqual([
      { index: 0, from: 0, to: 1 },
      { index: 1, from: 1, to: 4 },
      { index: 2, from: 4, to: 5 },
    ])
  })

  it('divides a second that is larger than a batch', () => {
    expect(cutBatches(eventsAt([7, 7, 7, 7, 7]), 2).map(({ to }) => to)).toEqual([2, 4, 5])
  })

  it('keeps every event once and in order, and divides no second that fits', () => {
    const seconds = fc.array(fc.integer({ min: 0, max: 12 }), { maxLength: 80 })
    fc.assert(
      fc.property(seconds, fc.integer({ min: 1, max: 20 }), (given, size) => {
        const events = eventsAt(given)
        const batches = cutBatches(events, size)
        const second = (position: number) => events.at(position).at
        const sizeOf = (at: number) => given.filter((each) => each * 1000 === at).length
        expect(batches.flatMap(({ from, to }) => Array.from({ length: to - from }, (_, i) => from + i))).toEqual([
          ...given.keys(),
        ])
        for (const { index, from, to } of batches) {
          expect(batches[index]?.from).toBe(from)
          expect(to - from).toBeLessThanOrEqual(size)
          const isDivided = to < events.length && second(to - 1) === second(to)
          if (isDivided) expect(sizeOf(second(to))).toBeGreaterThan(size)
        }
      }),
    )
  })
})
