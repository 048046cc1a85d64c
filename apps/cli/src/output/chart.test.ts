import { describe, expect, it } from 'vitest'
import { barChart, sparkline } from './chart.ts'

describe('barChart', () => {
  it('draws the largest as long as it is allowed, the others in proportion, and something for anything', () => {
    const points = [
      { label: 'a', value: 1000 },
      { label: 'b', value: 500, note: '2 failed' },
      { label: 'c', value: 1 },
      { label: 'd', value: 0 },
    ]
    expect(barChart(points, 4)).toEqual(['a  1000  ████', 'b   500  ██  2 failed', 'c     1  ▏', 'd     0'])
  })
})

describe('sparkline', () => {
  it('draws a character a value, and a blank for none', () => {
    expect(sparkline([0, 1, 50, 100], 100)).toBe(' ▁▅█')
  })
})
