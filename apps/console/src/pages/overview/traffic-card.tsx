import { useMemo } from 'react'
import type { components } from '../../api/schema.d.ts'
import { type Span, spans } from '../../api/usage/span.ts'
import { TimeSeriesChart } from '../../parts/charts/time-series-chart.tsx'
import { trafficSeries } from '../../parts/charts/traffic-series.ts'
import { Card } from '../../parts/page/card.tsx'
import { Figure } from '../../parts/page/figure.tsx'

type Stats = components['schemas']['Stats']

/** Requests with the keys that this installation watches, good ones and errors on each other. */
export function TrafficCard({
  query,
  span,
}: {
  query: { data: Stats | undefined; error: unknown; refetch: () => unknown }
  span: Span
}) {
  return (
    <Card title="Requests and errors" description={`By ${spans[span].interval}, all keys`}>
      <Figure query={query} height={244}>
        {(stats) => <Traffic stats={stats} />}
      </Figure>
    </Card>
  )
}

function Traffic({ stats }: { stats: Stats }) {
  const { times, series } = useMemo(() => trafficSeries(stats), [stats])
  return (
    <TimeSeriesChart
      label={`Requests and errors by ${stats.interval}`}
      times={times}
      series={series}
      unit="requests"
      stacked
    />
  )
}
