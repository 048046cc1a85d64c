import { formatLocal, formatNumber, formatUtc } from '../words/format.ts'
import type { ChartMark, ChartSeries } from './chart-options.ts'

interface Props {
  times: readonly string[]
  series: readonly ChartSeries[]
  unit: string
  marks: readonly ChartMark[]
  index: number
  /** Of the pointer within the plot, in pixels. */
  left: number
}

/** What a bucket holds, beside the pointer. */
export function ChartTip({ times, series, unit, marks, index, left }: Props) {
  const at = new Date(times[index] ?? 0)
  const end = Date.parse(times[index + 1] ?? '') || at.getTime() + 60_000
  const within = marks.filter(({ from, to }) => Date.parse(from) < end && Date.parse(to) >= at.getTime())
  return (
    <div className="chart-tip" style={left > 260 ? { right: `calc(100% - ${left + 34}px)` } : { left: left + 62 }}>
      <div className="chart-tip-time">{formatLocal(at)}</div>
      <div className="chart-tip-utc">{formatUtc(at)}</div>
      {series.map(({ label, color, values }) => (
        <div key={label} className="chart-tip-row">
          <span className="chart-swatch" style={{ background: `var(${color})` }} />
          <span className="chart-tip-label">{label}</span>
          <span className="number">{formatNumber(values[index] ?? 0)}</span>
        </div>
      ))}
      <div className="chart-tip-utc">{unit}</div>
      {within.slice(0, 3).map(({ label, color, from }) => (
        <div key={`${label} ${from}`} className="chart-tip-row">
          <span className="chart-swatch" style={{ background: `var(${color})` }} />
          {label}
        </div>
      ))}
    </div>
  )
}
