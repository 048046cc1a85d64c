import fc from 'fast-check'
import { describe, expect, it } from 'vitest'
import { MomentryClientError, type MomentryClientErrorOptions } from '../errors.ts'
import { retryDelayMs } from './retry.ts'

const retry = { retries: 3, firstDelayMs: 100, maxDelayMs: 2000 }
const away = (options: MomentryClientErrorOptions = {}) => new MomentryClientError('unavailable', 'away', options)
const refused = (options: MomentryClientErrorOptions) => new MomentryClientError('refused', 'no', options)

describe('retryDelayMs', () => {
  it.each([
    [1, 100],
    [2, 200],
    [3, 400],
  ])('waits after try %i for anything up to %i ms', (tries, maxMs) => {
    expect(retryDelayMs(tries, away(), retry, () => 0)).toBe(0)
    expect(retryDelayMs(tries, away(), retry, () => 1)).toBe(maxMs)
  })

  it('never waits longer than it may', () => {
    const settings = { retries: 100, firstDelayMs: 100, maxDelayMs: 2000 }
    fc.assert(
      fc.property(fc.integer({ min: 1, max: 100 }), fc.double({ min: 0, max: 1, noNaN: true }), (tries, chance) => {
        const delayMs = retryDelayMs(tries, away(), settings, () => chance) ?? Number.NaN
        return delayMs >= 0 && delayMs <= 2000
      }),
    )
  })

  it('comes back no sooner than Retry-After says, and not at all where that is too late', () => {
    expect(retryDelayMs(1, away({ retryAfterSeconds: 2 }), retry, () => 0)).toBe(2000)
    expect(retryDelayMs(1, away({ retryAfterSeconds: 2 }), retry, () => 1)).toBe(2100)
    expect(retryDelayMs(1, away({ retryAfterSeconds: 3 }), retry, () => 0)).toBeUndefined()
  })

  it('gives up after its retries', () => {
    expect(retryDelayMs(4, away(), retry)).toBeUndefined()
    expect(retryDelayMs(1, away(), { ...retry, retries: 0 })).toBeUndefined()
  })

  it.each([
    ['a timeout', new MomentryClientError('timeout', 'late'), true],
    ['too many requests', refused({ status: 429, retryAfterSeconds: 1 }), true],
    ['an address that is locked out', refused({ status: 429, code: 'LOCKED_OUT', retryAfterSeconds: 1 }), false],
    ['a refusal', refused({ status: 403 }), false],
    ['an answer of something else', new MomentryClientError('protocol', 'HTML', { status: 200 }), false],
  ])('%s', (_, error, isRetried) => {
    expect(retryDelayMs(1, error, retry) !== undefined).toBe(isRetried)
  })
})
