import { describe, expect, test } from 'vitest'
import { formatBytes, formatDistance, formatShare, formatShort, formatSpan, formatUtc } from './format.ts'

test('numbers keep their figures until they are long', () => {
  expect([formatShort(9_999), formatShort(12_345), formatShare(0.0541)]).toEqual(['9,999', '12.3K', '5.4%'])
})

test('spans are said in their two largest units', () => {
  expect(formatSpan(0)).toBe('0 seconds')
  expect(formatSpan(0.25)).toBe('250 ms')
  expect(formatSpan(61)).toBe('1 minute 1 second')
  expect(formatSpan(90_061)).toBe('1 day 1 hour')
})

test('sizes are in powers of 1024', () => {
  expect([formatBytes(0), formatBytes(1536), formatBytes(130 * 1024 ** 2)]).toEqual(['0 B', '1.5 KiB', '130 MiB'])
})

describe('distances', () => {
  const now = Date.parse('2026-01-05T09:30:00Z')
  const from = (seconds: number) => formatDistance(new Date(now + seconds * 1000), now)

  test('look back and ahead', () => {
    expect([from(-2), from(-90), from(-3 * 3600), from(2 * 86_400), from(1)]).toEqual([
      'just now',
      '2 minutes ago',
      '3 hours ago',
      'in 2 days',
      'just now',
    ])
  })
})

test('UTC is written as in logs', () => {
  expect(formatUtc(new Date('2026-01-05T09:30:01.999Z'))).toBe('2026-01-05 09:30:01 UTC')
})
