import { describe, expect, it } from 'vitest'
import { deadlineAt, momentAt, parseDuration } from './time.ts'

const now = Date.UTC(2026, 0, 31, 12)

describe('momentAt', () => {
  it.each([
    ['2026-01-31T12:00:00Z', '2026-01-31T12:00:00.000Z'],
    ['2026-01-31T12:00:00+02:00', '2026-01-31T10:00:00.000Z'],
    ['2026-01-30', '2026-01-30T00:00:00.000Z'],
    ['90m', '2026-01-31T10:30:00.000Z'],
    ['7d', '2026-01-24T12:00:00.000Z'],
  ])('reads %s', (text, expected) => {
    expect(momentAt(text, now)).toBe(expected)
  })

  it.each(['', 'yesterday', '2026-02-30', '7x', '2026-01-31T12:00:00'])('refuses "%s"', (text) => {
    expect(() => momentAt(text, now)).toThrow(/Try/)
  })
})

describe('deadlineAt', () => {
  it('counts from now on', () => {
    expect(deadlineAt('1w', now)).toBe('2026-02-07T12:00:00.000Z')
    expect(deadlineAt('2026-03-01', now)).toBe('2026-03-01T00:00:00.000Z')
  })
})

describe('parseDuration', () => {
  it.each([
    ['90s', 90],
    ['30m', 1800],
    ['2h', 7200],
    ['7d', 604_800],
    ['0s', 0],
  ])('reads %s', (text, seconds) => {
    expect(parseDuration(text)).toBe(seconds)
  })

  it.each(['', '2', 'h', '-2h', '1.5h', '2 h', '2026-01-31'])('refuses "%s"', (text) => {
    expect(() => parseDuration(text)).toThrow(/Try 90s/)
  })
})
