import { expect, test } from 'vitest'
import { median } from './median.ts'

test('the middle one of an odd number, in whatever order they come', () => {
  expect(median([9, 1, 10])).toBe(9)
  expect(median([7])).toBe(7)
})

test('between the two in the middle of an even number', () => {
  expect(median([4, 100, 1, 2])).toBe(3)
})

test('it leaves what it is given as it is', () => {
  const figures = [3, 1, 2]
  median(figures)
  expect(figures).toEqual([3, 1, 2])
})

test('there is none of nothing', () => {
  expect(() => median([])).toThrow('no median')
})
