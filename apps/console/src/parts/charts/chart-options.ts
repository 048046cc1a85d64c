import uPlot from 'uplot'
import { formatShort } from '../words/format.ts'

export interface ChartSeries {
  label: string
  /** Name of a CSS variable of `look.css`: `--tone-accent`. */
  color: string
  values: readonly (number | null)[]
}

export interface ChartMark {
  /** RFC 3339. */
  from: string
  to: string
  /** Name of a CSS variable. */
  color: string
  label: string
}

export interface ChartLine {
  /** On the scale of the series. */
  value: number
  label: string
  /** The value in words, where its number alone does not say it. */
  text?: string
  /** Name of a CSS variable. */
  color: string
}

interface Wishes {
  series: readonly ChartSeries[]
  stacked: boolean
  width: number
  height: number
  marks: () => readonly ChartMark[]
  lines: () => readonly ChartLine[]
  /** Told which bucket the pointer is at, and where; null: at none. */
  point: (at: { index: number; left: number } | null) => void
}

/** Everything that uPlot is told about a chart of bars. Colours are those of the theme at this moment. */
export function chartOptions({ series, stacked, width, height, marks, lines, point }: Wishes): uPlot.Options {
  const line = colorOf('--line')
  const axis: uPlot.Axis = {
    stroke: colorOf('--mantine-color-dimmed'),
    font: '11px "Inter Variable", system-ui, sans-serif',
    grid: { stroke: line, width: 1 },
    ticks: { show: false },
  }
  const bars = uPlot.paths.bars?.({ size: [0.82, 26], align: 1, radius: 0.12 })
  // The tallest sum is drawn first, and the parts below it over it.
  const order = stacked ? series.toReversed() : series
  return {
    width,
    height,
    padding: [8, 16, 0, 0],
    legend: { show: false },
    cursor: { y: false, points: { show: false }, drag: { x: false, y: false } },
    scales: {
      x: { range: (chart) => reach(chart.data[0]) },
      y: {
        range: (_, _least, most) => [
          0,
          Math.max(4, ...[most, ...lines().map(({ value }) => value)].map((high) => high * 1.08)),
        ],
      },
    },
    axes: [
      { ...axis, grid: { show: false }, space: 64, size: 26, values: (chart, splits) => timeLabels(chart, splits) },
      { ...axis, size: 46, space: 34, values: (_, values) => values.map((value) => formatShort(value)) },
    ],
    series: [
      {},
      ...order.map(({ label, color }) => ({
        label,
        fill: colorOf(color),
        stroke: 'transparent',
        width: 0,
        points: { show: false },
        ...(bars && { paths: bars }),
      })),
    ],
    hooks: {
      drawAxes: [(chart) => drawMarks(chart, marks())],
      draw: [(chart) => drawLines(chart, lines())],
      setCursor: [(chart) => point(bucketAt(chart))],
    },
  }
}

/** Sums of the series from the first on, the largest first: as they are drawn. */
export function stack(series: readonly ChartSeries[]): (number | null)[][] {
  let below: readonly (number | null)[] = []
  const sums = series.map(({ values }) => {
    const sum = values.map((value, index) => (value ?? 0) + (below[index] ?? 0))
    below = sum
    return sum
  })
  return sums.toReversed()
}

/** The bucket that the pointer is within: uPlot itself takes the nearest beginning. */
function bucketAt(chart: uPlot): { index: number; left: number } | null {
  const { left = -1 } = chart.cursor
  const times = chart.data[0]
  if (left < 0 || times.length === 0) return null
  const at = chart.posToVal(left, 'x')
  const after = Array.from(times).findIndex((time) => time > at)
  const index = (after === -1 ? times.length : after) - 1
  return index < 0 ? null : { index, left }
}

/** The last bar needs its bucket's room. */
function reach(times: ArrayLike<number> | undefined): [number, number] {
  const first = times?.[0]
  const last = times?.[times.length - 1]
  if (times === undefined || first === undefined || last === undefined) return [0, 1]
  const second = times[1]
  return [first, last + (second === undefined ? 60 : second - first)]
}

/** Times of the day within two days, days else; in the reader's own zone, as the tips are. */
function timeLabels({ scales }: uPlot, splits: readonly number[]): string[] {
  const reached = (scales['x']?.max ?? 0) - (scales['x']?.min ?? 0)
  return splits.map((split) => {
    const at = new Date(split * 1000)
    const midnight = at.getHours() === 0 && at.getMinutes() === 0
    return reached > 2 * 86_400 || midnight ? dayOf.format(at) : clockOf.format(at)
  })
}

const dayOf = new Intl.DateTimeFormat(undefined, { day: 'numeric', month: 'short' })
const clockOf = new Intl.DateTimeFormat(undefined, { hour: '2-digit', minute: '2-digit', hourCycle: 'h23' })

function drawMarks(chart: uPlot, marks: readonly ChartMark[]): void {
  const { ctx, bbox } = chart
  ctx.save()
  ctx.beginPath()
  ctx.rect(bbox.left, bbox.top, bbox.width, bbox.height)
  ctx.clip()
  for (const { from, to, color } of marks) {
    const left = chart.valToPos(Date.parse(from) / 1000, 'x', true)
    const right = Math.max(left + 3 * devicePixelRatio, chart.valToPos(Date.parse(to) / 1000, 'x', true))
    ctx.fillStyle = colorOf(color)
    ctx.globalAlpha = 0.1
    ctx.fillRect(left, bbox.top, right - left, bbox.height)
    ctx.globalAlpha = 1
    ctx.fillRect(left, bbox.top, right - left, 3 * devicePixelRatio)
  }
  ctx.restore()
}

/** Limits, dashed across the whole plot. */
function drawLines(chart: uPlot, lines: readonly ChartLine[]): void {
  const { ctx, bbox } = chart
  ctx.save()
  ctx.lineWidth = 1.5 * devicePixelRatio
  ctx.setLineDash([5 * devicePixelRatio, 4 * devicePixelRatio])
  for (const { value, color } of lines) {
    const height = chart.valToPos(value, 'y', true)
    ctx.strokeStyle = colorOf(color)
    ctx.beginPath()
    ctx.moveTo(bbox.left, height)
    ctx.lineTo(bbox.left + bbox.width, height)
    ctx.stroke()
  }
  ctx.restore()
}

function colorOf(variable: string): string {
  return getComputedStyle(document.documentElement).getPropertyValue(variable).trim() || '#888888'
}
