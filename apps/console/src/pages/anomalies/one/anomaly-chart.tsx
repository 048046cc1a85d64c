import { useMemo, useState } from 'react'
import { type Anomaly, useKeyStats } from '../../../api/alerts/anomalies.ts'
import { severityTones } from '../../../parts/badges/tones.ts'
import { TimeSeriesChart } from '../../../parts/charts/time-series-chart.tsx'
import { EmptyState } from '../../../parts/states/empty-state.tsx'
import { ErrorState } from '../../../parts/states/error-state.tsx'
import { Loading } from '../../../parts/states/loading.tsx'
import { formatShare } from '../../../parts/words/format.ts'
import { ruleName } from '../../../parts/words/rule-name.ts'
import { useMay } from '../../../shell/sign-in/session-context.ts'
import { spanAround } from '../spans.ts'

/** The key's traffic around an anomaly: its window is marked, and the threshold is a line where they count the same. */
export function AnomalyChart({ anomaly }: { anomaly: Anomaly }) {
  const may = useMay('keys:read')
  const [openedAt] = useState(() => Date.now())
  const span = useMemo(() => spanAround(anomaly, openedAt), [anomaly, openedAt])
  const stats = useKeyStats(anomaly.keyId, span, may)
  const shown = useMemo(() => shape(anomaly, stats.data?.series ?? []), [anomaly, stats.data])
  if (!may) return <EmptyState title="Not for this key" text="The chart needs keys:read." />
  if (stats.error) return <ErrorState error={stats.error} onRetry={stats.refetch} />
  if (!stats.data) return <Loading lines={8} />
  if (stats.data.totals.requests === 0)
    return (
      <EmptyState
        title="No traffic is kept for this time"
        text="Requests by minute are rolled up and removed after a while; what the rule saw is above."
      />
    )
  return (
    <TimeSeriesChart
      label={`Traffic of ${anomaly.keyName} by ${span.interval}, around the anomaly`}
      unit={shown.unit}
      times={shown.times}
      series={shown.series}
      lines={shown.lines}
      marks={[
        {
          from: anomaly.window.start,
          to: anomaly.window.end,
          color: `--mark-${severityTones[anomaly.severity]}`,
          label: ruleName(anomaly.rule),
        },
      ]}
      height={260}
    />
  )
}

interface Bucket {
  start: string
  requests: number
  errors: number
}

function shape({ rule, threshold }: Anomaly, buckets: readonly Bucket[]) {
  const times = buckets.map(({ start }) => start)
  if (rule === 'high_error_rate') {
    const values = buckets.map(({ requests, errors }) =>
      requests === 0 ? null : Math.round((errors / requests) * 1000) / 10,
    )
    return {
      times,
      unit: '% of the requests of a minute',
      series: [{ label: 'Failed', color: '--mark-bad', values }],
      lines: [{ value: threshold * 100, label: 'Threshold', text: formatShare(threshold), color: '--tone-bad' }],
    }
  }
  const series = [
    { label: 'Requests', color: '--mark-info', values: buckets.map(({ requests }) => requests) },
    { label: 'Errors', color: '--mark-bad', values: buckets.map(({ errors }) => errors) },
  ]
  const counts = rule === 'high_request_rate'
  return {
    times,
    unit: rule === 'unusual_time' ? 'requests by hour' : 'requests by minute',
    series,
    lines: counts ? [{ value: threshold, label: 'Threshold', color: '--tone-bad' }] : [],
  }
}
