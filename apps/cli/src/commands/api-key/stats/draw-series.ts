import type { z } from 'zod'
import type { statsSchema } from '../../../api/shapes.ts'
import { barChart, sparkline } from '../../../output/chart.ts'

type Stats = Pick<z.infer<typeof statsSchema>, 'series' | 'interval'>

/** Intervals that are still drawn as a bar each. */
const maxBars = 48

/** Lines of sparkline at the most. */
const maxLines = 60

/** How long an interval is, how many stand on one line of sparkline, and how much of a start names the interval. */
const intervals: Readonly<Record<string, { ms: number; perLine: number; label: number }>> = {
  minute: { ms: 60_000, perLine: 60, label: 16 },
  hour: { ms: 3_600_000, perLine: 24, label: 13 },
  day: { ms: 86_400_000, perLine: 7, label: 10 },
}

/** Draws usage over time: a bar for each interval, or, where they are many, a sparkline for each hour, day or week that has any. */
export function drawSeries({ series, interval: name }: Stats, width: number): string[] {
  const interval = intervals[name]
  const first = series[0]
  const last = series.at(-1)
  if (!interval || !first || !last) return []
  const counts = new Map(series.map((point) => [Date.parse(point.start), point]))
  const from = Date.parse(first.start)
  const length = Math.round((Date.parse(last.start) - from) / interval.ms) + 1
  const label = (at: number) => new Date(at).toISOString().slice(0, interval.label).replace('T', ' ')
  if (length <= maxBars) {
    const points = Array.from({ length }, (_, index) => {
      const at = from + index * interval.ms
      const { requests = 0, errors = 0 } = counts.get(at) ?? {}
      return { label: label(at), value: requests, ...(errors > 0 ? { note: `${errors} failed` } : {}) }
    })
    return barChart(points, Math.max(10, width - 50))
  }
  const most = Math.max(...series.map((point) => point.requests))
  const lineMs = interval.perLine * interval.ms
  const starts = new Set(series.map((point) => Math.floor(Date.parse(point.start) / lineMs) * lineMs))
  const lines = [...starts].flatMap((start) => {
    const at = (index: number) => counts.get(start + index * interval.ms)?.requests ?? 0
    const values = Array.from({ length: interval.perLine }, (_, index) => at(index))
    const sum = values.reduce((total, value) => total + value, 0)
    return sum === 0 ? [] : [`${label(start)}  ${sparkline(values, most)}  ${sum}`]
  })
  const left = lines.length - maxLines
  if (left <= 0) return lines
  return [`(${left} earlier lines are left out: choose a later --from)`, ...lines.slice(-maxLines)]
}
