import { describe, expect, it } from 'vitest'
import type { AnomalyThresholds } from '../../config.ts'
import type { SecondTally } from '../../usage/window/tally.ts'
import { emptyState, judge, judgeSilence, nextJudgement } from './judge.ts'

const start = 1_700_000_000
const thresholds: AnomalyThresholds = {
  requestsPerMinute: 100,
  errorRate: 0.5,
  errorMinRequests: 20,
  ipsPerHour: 5,
  timeMaxShare: 0.001,
  timeMinDays: 14,
  timeMinHistory: 200,
  timeMinRequests: 3,
}
const options = { keyId: '00000000-0000-7000-8000-000000000001', thresholds, settleSeconds: 2 }

function second(offset: number, requests: number, errors = 0): SecondTally {
  return { second: start + offset, requests, errors, addresses: new Set() }
}

describe('an episode', () => {
  it('is one anomaly for as long as it lasts, hovering about its threshold included', () => {
    const state = emptyState()
    const kinds = Array.from({ length: 600 }, (_, index) =>
      judge(state, second(index, index % 2 === 0 ? 4 : 1), options),
    )
    expect(kinds.flat().map(({ kind }) => kind)).toEqual(['opened'])
  })

  it('grows graver once a level, and never back', () => {
    const state = emptyState()
    const found = [150, 60, 10, 300, 1].flatMap((requests, index) => judge(state, second(index, requests), options))
    expect(found.map(({ kind, severity }) => [kind, severity])).toEqual([
      ['opened', 'medium'],
      ['escalated', 'high'],
      ['escalated', 'critical'],
    ])
    expect(new Set(found.map(({ id }) => id)).size).toBe(1)
  })

  it('ends when the key has been calm, and a storm after that is another anomaly', () => {
    const state = emptyState()
    const [first] = judge(state, second(0, 101), options)
    const later = judge(state, second(200, 101), options)
    expect(later.map(({ kind }) => kind)).toEqual(['ended', 'opened'])
    expect(later[0]?.id).toBe(first?.id)
    expect(later[1]?.id).not.toBe(first?.id)
  })

  it('is not opened a second time by events that come late for one that is over', () => {
    const state = emptyState()
    judge(state, second(0, 101), options)
    judge(state, second(130, 1), options)
    expect(judge(state, second(10, 50), options)).toEqual([])
  })

  it('ends in silence', () => {
    const state = emptyState()
    judge(state, second(0, 101), options)
    expect(judgeSilence(state, 60, options)).toEqual([])
    expect(nextJudgement(state, 2)).toBe(61)
    expect(judgeSilence(state, 61, options).map(({ kind }) => kind)).toEqual(['ended'])
    expect(nextJudgement(state, 2)).toBeUndefined()
  })
})

describe('an error share', () => {
  it('waits for its second to be complete, and for the time to settle', () => {
    const state = emptyState()
    expect(judge(state, second(0, 20, 20), options)).toEqual([])
    expect(judge(state, second(2, 1, 0), options)).toEqual([])
    expect(judge(state, second(3, 1, 0), options).map(({ rule }) => rule)).toEqual(['high_error_rate'])
  })

  it('is calmed by successes that come within the time to settle', () => {
    const state = emptyState()
    const found = [second(0, 20, 20), second(2, 1, 0), second(0, 25, 0), second(600, 1, 0)].flatMap((tally) =>
      judge(state, tally, options),
    )
    expect(found).toEqual([])
  })

  it('is judged in silence', () => {
    const state = emptyState()
    judge(state, second(0, 20, 20), options)
    expect(nextJudgement(state, 2)).toBe(2)
    expect(judgeSilence(state, 1, options)).toEqual([])
    expect(judgeSilence(state, 2, options).map(({ rule, severity }) => [rule, severity])).toEqual([
      ['high_error_rate', 'critical'],
    ])
  })
})

describe('unusual time', () => {
  const day = 86_400
  /** Work at 09:00 and 10:00 UTC on 15 days, then requests at another hour. */
  const history = (days: number) =>
    Array.from({ length: days }, (_, index) =>
      [9, 10].map((hour) => second(index * day - (start % day) + hour * 3600, 10)),
    ).flat()
  const atNight = (days: number, requests: number) => second(days * day - (start % day) + 3 * 3600, requests)
  const run = (days: number, requests: number) => {
    const state = emptyState()
    for (const tally of history(days)) judge(state, tally, options)
    return judge(state, atNight(days, requests), options).map(({ rule }) => rule)
  }

  it('fires from three requests on in an hour that the key does not know', () => {
    expect(run(15, 3)).toEqual(['unusual_time'])
    expect(run(15, 2)).toEqual([])
  })

  it('waits for 14 days of history', () => {
    expect(run(14, 3)).toEqual([])
  })

  it('says nothing of an hour beside one that the key knows', () => {
    const state = emptyState()
    for (const tally of history(21)) judge(state, tally, options)
    expect(judge(state, second(21 * day - (start % day) + 11 * 3600, 30), options)).toEqual([])
  })
})
