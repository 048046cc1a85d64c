import { describe, expect, it } from 'vitest'
import { mayRetry, retryDelayMs } from './retry.ts'

describe('retryDelayMs', () => {
  it('doubles up to 5 s, at least half of it whatever chance says', () => {
    const longest = Array.from({ length: 8 }, (_, index) => retryDelayMs(index + 1, undefined, () => 1))
    expect(longest).toEqual([200, 400, 800, 1600, 3200, 5000, 5000, 5000])
    expect(retryDelayMs(3, undefined, () => 0)).toBe(400)
  })

  it('waits no less than Retry-After asks for, up to 30 s', () => {
    expect(retryDelayMs(1, new Headers({ 'retry-after': '3' }), () => 0)).toBe(3000)
    expect(retryDelayMs(1, new Headers({ 'retry-after': '900' }), () => 0)).toBe(30_000)
  })

  it('passes over a Retry-After that is no number', () => {
    expect(retryDelayMs(1, new Headers({ 'retry-after': 'soon' }), () => 1)).toBe(200)
  })
})

describe('mayRetry', () => {
  it.each([
    ['GET', undefined, 503, 'REDIS_UNAVAILABLE', true],
    ['GET', undefined, undefined, undefined, true],
    ['GET', undefined, 400, 'VALIDATION_FAILED', false],
    ['POST', undefined, undefined, undefined, false],
    ['POST', 'k', undefined, undefined, true],
    ['POST', 'k', 429, 'RATE_LIMITED', true],
    ['POST', 'k', 502, undefined, true],
    ['POST', 'k', 502, 'REMOTE_UNREACHABLE', false],
    ['POST', 'k', 503, 'REMOTE_BUSY', false],
    ['POST', 'k', 422, 'REMOTE_REFUSED', false],
  ] as const)('%s with the key %s, answered %s %s: %s', (method, key, status, code, expected) => {
    expect(mayRetry({ method, ...(key === undefined ? {} : { idempotencyKey: key }) }, status, code)).toBe(expected)
  })
})
