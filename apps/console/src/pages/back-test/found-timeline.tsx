import { useMemo } from 'react'
import type { BackTestResult } from '../../api/alerts/back-test.ts'
import { TimeSeriesChart } from '../../parts/charts/time-series-chart.tsx'

const steps = [3_600_000, 3 * 3_600_000, 6 * 3_600_000, 86_400_000]

/** When it would have fired, over the whole time: what was found live as well, and what is new. */
export function FoundTimeline({ result }: { result: BackTestResult }) {
  const { times, known, added } = useMemo(() => count(result), [result])
  return (
    <TimeSeriesChart
      label="Anomalies that the back-test found, over time"
      unit="anomalies"
      times={times}
      series={[
        { label: 'Found live as well', color: '--mark-neutral', values: known },
        { label: 'New', color: '--tone-accent', values: added },
      ]}
      stacked
      height={170}
    />
  )
}

function count({ from, to, anomalies }: BackTestResult) {
  const start = Date.parse(from)
  const length = Date.parse(to) - start
  const step = steps.find((each) => length / each <= 120) ?? 86_400_000
  const buckets = Math.max(1, Math.ceil(length / step))
  const known = new Array<number>(buckets).fill(0)
  const added = new Array<number>(buckets).fill(0)
  for (const anomaly of anomalies) {
    const index = Math.min(buckets - 1, Math.max(0, Math.floor((Date.parse(anomaly.window.start) - start) / step)))
    const side = anomaly.known ? known : added
    side[index] = (side[index] ?? 0) + 1
  }
  return { times: known.map((_, index) => new Date(start + index * step).toISOString()), known, added }
}
