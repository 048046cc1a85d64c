import { describe, expect, it } from 'vitest'
import { retryDelay, retrySeconds } from './retry.ts'

describe('retryDelay', () => {
  it('tries for about a day, and then gives up', () => {
    const delays = retrySeconds.map((_, index) => retryDelay(index + 1, undefined, 0) ?? 0)
    expect(delays.slice(0, 3)).toEqual([5_000, 30_000, 120_000])
    expect(delays.reduce((sum, delay) => sum + delay, 0)).toBeGreaterThan(86_400_000 * 0.95)
    expect(retryDelay(retrySeconds.length + 1, undefined, 0)).toBeUndefined()
  })

  it('waits up to a fifth longer, at random', () => {
    expect(retryDelay(1, undefined, 1)).toBe(6_000)
    expect(retryDelay(3, undefined, 0.5)).toBe(132_000)
  })

  it('waits as long as the receiver asks, within bounds', () => {
    expect(retryDelay(1, 60, 0)).toBe(60_000)
    expect(retryDelay(3, 1, 0)).toBe(120_000)
    expect(retryDelay(1, 1e9, 0)).toBe(28_800_000)
    expect(retryDelay(11, 60, 0)).toBeUndefined()
  })
})
