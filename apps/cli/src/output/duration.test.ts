import { describe, expect, it } from 'vitest'
import { tellDistance, tellDuration, tellWork } from './duration.ts'

describe('tellDuration', () => {
  it.each([
    [0, '0s'],
    [0.4, '0s'],
    [45, '45s'],
    [60, '1m'],
    [7260, '2h 1m'],
    [7205, '2h'],
    [259_200, '3d'],
    [-5, '0s'],
  ])('tells %d seconds as %s', (seconds, text) => {
    expect(tellDuration(seconds)).toBe(text)
  })
})

describe('tellDistance', () => {
  it('looks ahead and back', () => {
    const now = Date.UTC(2026, 0, 31, 12)
    expect(tellDistance('2026-01-31T14:30:00.000Z', now)).toBe('in 2h 30m')
    expect(tellDistance('2026-01-31T11:59:00.000Z', now)).toBe('1m ago')
  })
})

describe('tellWork', () => {
  it.each([
    [12, '12 ms'],
    [1540, '1.5 s'],
    [125_000, '2m 5s'],
  ])('tells %d milliseconds as %s', (ms, text) => {
    expect(tellWork(ms)).toBe(text)
  })
})
