import { describe, expect, it } from 'vitest'
import { drawSeries } from './draw-series.ts'

const at = (hour: number) => new Date(Date.UTC(2026, 0, 1, hour)).toISOString()

describe('drawSeries', () => {
  it('draws a bar for each interval, also for those that nothing is said of', () => {
    const series = [
      { start: at(0), requests: 4, errors: 0 },
      { start: at(2), requests: 8, errors: 3 },
    ]
    expect(drawSeries({ series, interval: 'hour' }, 54)).toEqual([
      '2026-01-01 00  4  █████',
      '2026-01-01 01  0',
      '2026-01-01 02  8  ██████████  3 failed',
    ])
  })

  it('draws many hours as a sparkline a day', () => {
    const series = [0, 1, 30, 60].map((hour) => ({ start: at(hour), requests: hour === 30 ? 0 : 8, errors: 0 }))
    expect(drawSeries({ series, interval: 'hour' }, 100)).toEqual([
      `2026-01-01 00  ██${' '.repeat(22)}  16`,
      `2026-01-03 00  ${' '.repeat(12)}█${' '.repeat(11)}  8`,
    ])
  })

  it('draws nothing where there is nothing', () => {
    expect(drawSeries({ series: [], interval: 'hour' }, 100)).toEqual([])
  })
})
