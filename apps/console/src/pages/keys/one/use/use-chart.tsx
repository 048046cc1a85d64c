import { Anchor, Text } from '@mantine/core'
import { useMemo } from 'react'
import { Link } from 'wouter'
import { useKeyAnomalies } from '../../../../api/keys/key-details.ts'
import { rangeOf, spans } from '../../../../api/usage/span.ts'
import { useStats } from '../../../../api/usage/stats.ts'
import { SeverityBadge } from '../../../../parts/badges/severity-badge.tsx'
import type { Severity } from '../../../../parts/badges/tones.ts'
import { TimeSeriesChart } from '../../../../parts/charts/time-series-chart.tsx'
import { trafficSeries } from '../../../../parts/charts/traffic-series.ts'
import { Card } from '../../../../parts/page/card.tsx'
import { Figure } from '../../../../parts/page/figure.tsx'
import { readSpan, SpanSwitch } from '../../../../parts/pickers/span-switch.tsx'
import { useFilters } from '../../../../parts/tables/use-filters.ts'
import { ruleName } from '../../../../parts/words/rule-name.ts'
import { useMay } from '../../../../shell/sign-in/session-context.ts'

const markColors: Readonly<Record<Severity, string>> = {
  low: '--mark-info',
  medium: '--mark-warn',
  high: '--mark-high',
  critical: '--mark-bad',
}
/** Anomalies that are listed below the chart; all of them are marked in it. */
const mostListed = 5

/** A key's requests and errors over time, with its anomalies marked where they were. */
export function UseChart({ keyId, lastUsedAt }: { keyId: string; lastUsedAt: string | null }) {
  const [filters, change] = useFilters(['span'])
  const span = readSpan(filters.span)
  const stats = useStats(span, keyId, lastUsedAt)
  const { from, to } = rangeOf(span, lastUsedAt)
  const anomalies = useKeyAnomalies(keyId, from, useMay('anomalies:read'))
  const found = anomalies.data?.data
  const marks = useMemo(
    () =>
      found?.map(({ rule, severity, window }) => ({
        from: window.start,
        to: window.end,
        color: markColors[severity],
        label: `${ruleName(rule)} (${severity})`,
      })) ?? [],
    [found],
  )
  return (
    <Card
      title="Requests and errors"
      description={`By ${spans[span].interval}; anomalies are marked${to === undefined ? '' : '. It was not used since'}`}
      actions={<SpanSwitch value={span} onChange={(chosen) => change({ span: chosen === '24h' ? '' : chosen })} />}
    >
      <Figure query={stats} height={244}>
        {(data) => <Traffic data={data} marks={marks} />}
      </Figure>
      {found && found.length > 0 && (
        <ul className="key-anomalies">
          {found.slice(0, mostListed).map(({ id, rule, severity, explanation }) => (
            <li key={id}>
              <SeverityBadge severity={severity} />
              <Anchor component={Link} href={`/anomalies/${id}`} size="sm" className="cut" c="inherit">
                {ruleName(rule)}: {explanation}
              </Anchor>
            </li>
          ))}
        </ul>
      )}
      {found && found.length > mostListed && (
        <Text size="sm" mt="xs">
          <Link href={`/anomalies?keyId=${keyId}`}>All anomalies of this key</Link>
        </Text>
      )}
    </Card>
  )
}

interface TrafficProps {
  data: Parameters<typeof trafficSeries>[0] & { interval: string }
  marks: NonNullable<Parameters<typeof TimeSeriesChart>[0]['marks']>
}

function Traffic({ data, marks }: TrafficProps) {
  const { times, series } = useMemo(() => trafficSeries(data), [data])
  return (
    <TimeSeriesChart
      label={`Requests and errors by ${data.interval}`}
      times={times}
      series={series}
      unit="requests"
      stacked
      marks={marks}
    />
  )
}
