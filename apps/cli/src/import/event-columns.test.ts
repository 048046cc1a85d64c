import { describe, expect, it } from 'vitest'
import { createEventColumns, type LogEvent } from './event-columns.ts'

describe('createEventColumns', () => {
  it('gives events back as they were, in order of time, those of one time in the order in which they came', () => {
    const columns = createEventColumns()
    const given: LogEvent[] = Array.from({ length: 5000 }, (_, index) => ({
      at: ((index * 7919) % 100) * 1000,
      value: `agent ${index % 13}`,
      ip: index % 3 === 0 ? undefined : `192.0.2.${index % 200}`,
      status: 200 + (index % 300),
    }))
    for (const event of given) columns.add(event)
    const sorted = columns.sorted(Number.POSITIVE_INFINITY)
    expect(Array.from({ length: sorted.length }, (_, index) => sorted.at(index))).toEqual(
      given.toSorted((a, b) => a.at - b.at),
    )
    expect(columns.values).toEqual([...new Set(given.map(({ value }) => value))])
  })

  it('leaves out what is later than asked for', () => {
    const columns = createEventColumns()
    for (const at of [3000, 1000, 2000]) columns.add({ at, value: '-', ip: undefined, status: 200 })
    const sorted = columns.sorted(2000)
    expect(sorted.length).toBe(2)
    expect(() => sorted.at(2)).toThrow(RangeError)
  })
})
