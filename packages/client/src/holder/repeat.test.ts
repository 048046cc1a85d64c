import { describe, expect, it } from 'vitest'
import { MomentryClientError } from '../errors.ts'
import { type Course, isLasting, nextDelayMs } from './repeat.ts'

const failed = (failures: number, lasting = false): Course => ({ failures, isLasting: lasting })

describe('nextDelayMs', () => {
  it.each<[Course, number]>([
    [{ failures: 0 }, 60_000],
    [failed(1), 1000],
    [failed(2), 2000],
    [failed(5), 16_000],
    [failed(7), 60_000],
    [failed(1000), 60_000],
    [failed(1, true), 120_000],
    [failed(2, true), 240_000],
    [failed(1000, true), 960_000],
  ])('after %o is %i ms, give or take a fifth', (course, ms) => {
    expect(nextDelayMs(60_000, course, () => 0)).toBeCloseTo(ms * 0.8)
    expect(nextDelayMs(60_000, course, () => 1)).toBeCloseTo(ms * 1.2)
  })

  it('never gets longer by a failure that passes', () => {
    expect(nextDelayMs(50, failed(3), () => 0.5)).toBeCloseTo(50)
  })

  it('never brings five unknown secrets into a quarter of an hour', () => {
    const times = [1, 2, 3, 4, 5].map((failures) => nextDelayMs(60_000, failed(failures, true), () => 0))
    const fifthAt = times.slice(0, 4).reduce((sum, ms) => sum + ms, 0)
    expect(fifthAt).toBeGreaterThan(900_000)
  })
})

describe('isLasting', () => {
  it.each([
    ['ROTATED', true],
    ['NOT_FOUND', true],
    ['LOCKED_OUT', true],
    ['NOT_CLAIMABLE', false],
  ])('judges %s', (code, expected) => {
    expect(isLasting(new MomentryClientError('refused', 'no', { code }))).toBe(expected)
  })

  it('takes all else for passing', () => {
    expect(isLasting(new MomentryClientError('unavailable', 'away'))).toBe(false)
    expect(isLasting(new Error('the disk is full'))).toBe(false)
  })
})
