import fc from 'fast-check'
import { describe, expect, it } from 'vitest'
import type { Balance } from '../balance.ts'
import { judgeBalance } from './judge.ts'
import type { PartitionBooks } from './read.ts'

const month = '2026-02'
const books = (change: Partial<PartitionBooks> = {}): PartitionBooks => ({
  ...{ partition: 3, accepted: 100, waiting: 20, dead: 4, givenUp: 1, folded: 75 },
  ...{ summing: new Map([[month, 5]]), carried: new Map([[month, 70]]), since: 1 },
  ...change,
})
const balance = (change: Partial<Balance> = {}): Balance => ({
  ...{ partitions: [books()], rolledUp: new Map([[month, 70]]), least: new Map([[month, 70]]) },
  ...{ most: new Map([[month, 75]]), beganMonth: '2026-01', restoredMonth: undefined },
  ...change,
})
const bad = (change: Partial<Balance>) =>
  judgeBalance(balance(change))
    .filter(({ level }) => level !== 'ok')
    .map(({ check, level }) => `${check} ${level}`)

describe('judgeBalance', () => {
  it('is content where each event is somewhere, and once', () => {
    expect(bad({})).toEqual([])
    expect(judgeBalance(balance())[0]?.figure).toBe('100 accepted = 75 folded + 20 waiting + 4 dead + 1 given up')
    expect(bad({ partitions: [], rolledUp: new Map(), least: new Map(), most: new Map() })).toEqual([])
  })

  it('finds one event that is lost or counted twice, on whichever step of the way', () => {
    const step = fc.constantFrom('accepted', 'waiting', 'dead', 'givenUp', 'folded' as const)
    const by = fc.integer({ min: -20, max: 20 }).filter((amount) => amount !== 0)
    fc.assert(
      fc.property(step, by, (field, amount) => {
        const wrong = books()
        const found = bad({
          partitions: [books({ partition: 0 }), { ...wrong, [field]: (wrong[field] ?? 0) + amount }],
        })
        expect(found).toContain('balance.folded failed')
      }),
    )
    expect(bad({ partitions: [books({ carried: new Map([[month, 69]]) })] })).toEqual(['balance.summed failed'])
    expect(bad({ partitions: [books({ summing: new Map() })] })).toEqual(['balance.summed failed'])
  })

  it('finds sums that Postgres does not have, or has twice', () => {
    expect(bad({ rolledUp: new Map([[month, 69]]) })).toEqual(['balance.database failed'])
    expect(bad({ rolledUp: new Map() })).toEqual(['balance.database failed'])
    expect(bad({ rolledUp: new Map([[month, 75]]) })).toEqual([])
    expect(bad({ rolledUp: new Map([[month, 76]]) })).toEqual(['balance.database warning'])
  })

  it('knows why Postgres may have more, or less', () => {
    const [more, less] = [new Map([[month, 1_000]]), new Map([[month, 1]])]
    expect(bad({ rolledUp: more, beganMonth: month })).toEqual([])
    expect(bad({ rolledUp: less, beganMonth: month })).toEqual(['balance.database failed'])
    for (const rolledUp of [more, less]) {
      expect(bad({ rolledUp, restoredMonth: month })).toEqual([])
      expect(bad({ rolledUp, restoredMonth: '2026-01' })).not.toEqual([])
    }
  })

  it('does not judge what is too much to count', () => {
    expect(bad({ partitions: [books({ waiting: undefined })] })).toEqual(['balance.folded information'])
    const uncounted = { partitions: [books({ summing: undefined })], rolledUp: new Map([[month, 900]]) }
    expect(bad(uncounted)).toEqual(['balance.summed information'])
  })
})
