import { VisuallyHidden } from '@mantine/core'
import { formatLocal, formatNumber } from '../words/format.ts'
import type { ChartMark, ChartSeries } from './chart-options.ts'

/** More rows than that are no help to anybody who listens: neighbours are summed. */
const mostRows = 48

interface Props {
  label: string
  times: readonly string[]
  series: readonly ChartSeries[]
  unit: string
  marks: readonly ChartMark[]
}

/** A chart in words and rows, for screen readers. */
export function ChartTable({ label, times, series, unit, marks }: Props) {
  const step = Math.max(1, Math.ceil(times.length / mostRows))
  const starts = Array.from({ length: Math.ceil(times.length / step) }, (_, row) => row * step)
  return (
    <VisuallyHidden>
      <table>
        <caption>
          {label}, in {unit}
          {marks.length > 0 &&
            `. Marked: ${marks.map((mark) => `${mark.label} at ${formatLocal(new Date(mark.from))}`).join('; ')}`}
        </caption>
        <thead>
          <tr>
            <th scope="col">From</th>
            {series.map((each) => (
              <th key={each.label} scope="col">
                {each.label}
              </th>
            ))}
          </tr>
        </thead>
        <tbody>
          {starts.map((start) => (
            <tr key={start}>
              <th scope="row">{formatLocal(new Date(times[start] ?? 0))}</th>
              {series.map(({ label: name, values }) => (
                <td key={name}>{formatNumber(sum(values.slice(start, start + step)))}</td>
              ))}
            </tr>
          ))}
        </tbody>
      </table>
    </VisuallyHidden>
  )
}

const sum = (values: readonly (number | null)[]): number =>
  values.reduce<number>((total, value) => total + (value ?? 0), 0)
