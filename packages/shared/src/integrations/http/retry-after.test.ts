import { describe, expect, it } from 'vitest'
import { parseRetryAfter } from './retry-after.ts'

const now = Date.UTC(2026, 0, 31, 12)

describe('parseRetryAfter', () => {
  it.each([
    ['60', 60],
    [' 0 ', 0],
    ['Sat, 31 Jan 2026 12:00:30 GMT', 30],
    ['Sat, 31 Jan 2026 11:00:00 GMT', 0],
    ['999999999', 3_600],
    ['soon', undefined],
    ['-5', 0],
    [null, undefined],
  ])('reads %s as %s', (text, seconds) => {
    expect(parseRetryAfter(text, now)).toBe(seconds)
  })
})
