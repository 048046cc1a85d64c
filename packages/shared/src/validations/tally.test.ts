import { describe, expect, it } from 'vitest'
import { createOutcomeTally, type Outcomes } from './tally.ts'

const minute = 60_000
const start = 30_000_000 * minute
const plain = (outcomes: Outcomes) =>
  [...outcomes].map(([at, counts]) => [(at - start) / minute, Object.fromEntries(counts)])

describe('the tally of outcomes', () => {
  it('counts by minute and outcome, and begins anew where it is taken', () => {
    const tally = createOutcomeTally()
    for (const ms of [0, 59_999, 60_000]) tally.count('VALID', start + ms)
    tally.count('EXPIRED', start + 1)
    expect(plain(tally.take())).toEqual([
      [0, { VALID: 2, EXPIRED: 1 }],
      [1, { VALID: 1 }],
    ])
    expect(plain(tally.take())).toEqual([])
  })

  it('adds what is given back to what came meanwhile', () => {
    const tally = createOutcomeTally()
    tally.count('VALID', start)
    const taken = tally.take()
    tally.count('VALID', start)
    tally.giveBack(taken)
    expect(plain(tally.take())).toEqual([[0, { VALID: 2 }]])
  })

  it('keeps a day at the most, the newest', () => {
    const tally = createOutcomeTally()
    for (let index = 0; index < 2_000; index += 1) tally.count('VALID', start + index * minute)
    tally.giveBack(tally.take())
    const kept = plain(tally.take())
    expect(kept).toHaveLength(1_440)
    expect(kept[0]?.[0]).toBe(560)
  })
})
