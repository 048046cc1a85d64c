import { useComputedColorScheme } from '@mantine/core'
import { useEffect, useMemo, useRef, useState } from 'react'
import uPlot from 'uplot'
import 'uplot/dist/uPlot.min.css'
import { formatNumber } from '../words/format.ts'
import { type ChartLine, type ChartMark, type ChartSeries, chartOptions, stack } from './chart-options.ts'
import { ChartTable } from './chart-table.tsx'
import { ChartTip } from './chart-tip.tsx'
import './time-series-chart.css'

interface Props {
  /** What the chart shows, for screen readers: `Requests and errors by hour`. */
  label: string
  /** Beginnings of the buckets, RFC 3339, in order and evenly apart. */
  times: readonly string[]
  series: readonly ChartSeries[]
  /** What the values count: `requests`. */
  unit: string
  /** The series stand on each other; otherwise in front of each other, the first at the back. */
  stacked?: boolean
  /** Spans of time that stand out, as anomalies do. */
  marks?: readonly ChartMark[]
  /** Limits: a threshold. */
  lines?: readonly ChartLine[]
  /** In pixels. */
  height?: number
}

/** Buckets over time as bars. It follows its place's width and the theme, and has a table for those who cannot see it. */
export function TimeSeriesChart({ label, times, series, unit, stacked = false, marks, lines, height = 220 }: Props) {
  const place = useRef<HTMLDivElement>(null)
  const chart = useRef<uPlot>(undefined)
  const [pointed, setPointed] = useState<{ index: number; left: number } | null>(null)
  const scheme = useComputedColorScheme('light', { getInitialValueInEffect: false })
  const data = useMemo<uPlot.AlignedData>(
    () => [
      times.map((time) => Date.parse(time) / 1000),
      ...(stacked ? stack(series) : series.map(({ values }) => [...values])),
    ],
    [times, series, stacked],
  )
  const latest = useRef(data)
  latest.current = data
  const marked = useRef(marks)
  marked.current = marks
  const lined = useRef(lines)
  lined.current = lines
  const looks = series.map(({ label: name, color }) => `${name} ${color}`).join('\n')

  // biome-ignore lint/correctness/useExhaustiveDependencies: new values go into the chart that is there; the scheme's colours do not
  useEffect(() => {
    const element = place.current
    if (!element) return
    const made = new uPlot(
      chartOptions({
        series,
        stacked,
        width: element.clientWidth || 600,
        height,
        marks: () => marked.current ?? [],
        lines: () => lined.current ?? [],
        point: setPointed,
      }),
      latest.current,
      element,
    )
    chart.current = made
    const watch = new ResizeObserver(() => made.setSize({ width: element.clientWidth, height }))
    watch.observe(element)
    return () => {
      watch.disconnect()
      made.destroy()
      chart.current = undefined
    }
  }, [scheme, looks, stacked, height])

  // biome-ignore lint/correctness/useExhaustiveDependencies: marks and lines are drawn with the data
  useEffect(() => {
    chart.current?.setData(data)
  }, [data, marks, lines])

  return (
    <figure className="chart">
      <ul className="chart-legend" aria-hidden="true">
        {series.map(({ label: name, color }) => (
          <li key={name}>
            <span className="chart-swatch" style={{ background: `var(${color})` }} />
            {name}
          </li>
        ))}
        {lines?.map(({ label: name, value, text, color }) => (
          <li key={name}>
            <span className="chart-dash" style={{ borderColor: `var(${color})` }} />
            {name} {text ?? formatNumber(value)}
          </li>
        ))}
      </ul>
      <div className="chart-place" style={{ height }} ref={place} aria-hidden="true">
        {pointed && times[pointed.index] !== undefined && (
          <ChartTip times={times} series={series} unit={unit} marks={marks ?? []} {...pointed} />
        )}
      </div>
      <ChartTable label={label} times={times} series={series} unit={unit} marks={marks ?? []} />
    </figure>
  )
}
