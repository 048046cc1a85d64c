import { describe, expect, it } from 'vitest'
import { createKeyStates } from './key-state.ts'
import { createLocalWindow, openDemand, stateOfWindow, takeAlone, tryTake, usedUp } from './window.ts'

const rule = { name: 'burst', limit: 1000, windowMs: 60_000 }
const grant = (granted: number, left: number, change = {}) => ({
  ...{ granted, left, endsAt: 777_000, endsInMs: 60_000 },
  ...change,
})

describe('a window of one process', () => {
  it('serves from its portion, and ends no later than the true one', () => {
    const window = createLocalWindow(rule)
    expect(tryTake([window], 100)).toBe('unknown')
    const open = openDemand([window], true)
    expect(open.demands).toEqual([{ want: 10, owed: 0, needed: true }])
    expect(open.settle([grant(3, 997)], 100)).toBe(true)
    expect([tryTake([window], 5000), tryTake([window], 5000), tryTake([window], 5000)]).toEqual([
      'taken',
      'taken',
      'unknown',
    ])
    expect(stateOfWindow(window, 5000)).toMatchObject({ remaining: 997, resetSeconds: 56 })
    openDemand([window], false).settle([grant(5, 992)], 5000)
    expect(tryTake([window], 60_099)).toBe('taken')
    openDemand([window], false).settle([grant(5, 987, { endsInMs: 40_000 })], 20_000)
    expect(tryTake([window], 60_000)).toBe('unknown')
  })

  it('gives up what is left of a window when the next has begun', () => {
    const window = createLocalWindow(rule)
    openDemand([window], true).settle([grant(10, 990)], 0)
    const open = openDemand([window], false)
    open.settle([grant(0, 1000, { endsAt: 888_000 })], 100)
    expect(tryTake([window], 200)).toBe('unknown')
  })

  it('asks for ever larger portions while they are used up', () => {
    const window = createLocalWindow(rule)
    const wants: number[] = []
    for (let n = 0; n < 4; n++) {
      const open = openDemand([window], true)
      wants.push(open.demands[0]?.want ?? 0)
      open.settle([grant(1, 900)], 0)
    }
    expect(wants).toEqual([10, 20, 40, 80])
  })

  it('holds for a request what it has of one window until it has one of the other, and gives it back where it has not', () => {
    const [full, empty] = [createLocalWindow(rule), createLocalWindow({ ...rule, name: 'other' })]
    openDemand([full], true).settle([grant(2, 998)], 0)
    const open = openDemand([full, empty], true)
    expect(open.demands.map(({ needed }) => needed)).toEqual([false, true])
    expect(tryTake([full], 10)).toBe('unknown')
    expect(open.settle([grant(0, 998), grant(0, 0)], 10)).toBe(false)
    expect(usedUp([full, empty])).toEqual([empty])
    expect(tryTake([full], 10)).toBe('taken')
  })

  it('counts alone what nobody could be asked about, and owes it', () => {
    const window = createLocalWindow({ ...rule, limit: 2 })
    const takings = [1, 2, 3].map((at) => (tryTake([window], at) === 'unknown' ? takeAlone([window], at) : 'known'))
    expect(takings).toEqual(['taken', 'taken', 'over'])
    const lost = openDemand([window], true)
    expect(lost.demands).toEqual([{ want: 1, owed: 2, needed: true }])
    expect(lost.settle(undefined, 4)).toBe(false)
    expect(openDemand([window], true).demands[0]?.owed).toBe(2)
    expect(tryTake([window], 60_001)).toBe('unknown')
    expect(window.owed).toBe(0)
  })
})

describe('the memory of keys', () => {
  it('holds no more than 50,000, whoever asks about how many', () => {
    const states = createKeyStates()
    for (let n = 0; n < 60_000; n++) states.of(`key ${n}`).windows.set('burst', { ...createLocalWindow(rule), owed: 1 })
    expect(states.owing()).toHaveLength(50_000)
  })

  it('forgets what it was told of a key, and not what the key owes', () => {
    const states = createKeyStates()
    const { windows } = states.of('key')
    windows.set('paid', { ...createLocalWindow(rule), left: 5 })
    windows.set('owing', { ...createLocalWindow(rule), left: 5, owed: 3 })
    states.forget('key')
    expect([...states.of('key').windows]).toMatchObject([['owing', { left: 0, owed: 3 }]])
  })
})
