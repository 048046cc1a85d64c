import { Anchor, Text } from '@mantine/core'
import { Link } from 'wouter'
import { useAnomalies } from '../../api/alerts/anomalies.ts'
import { useAnomalySummary } from '../../api/usage/overview.ts'
import { SeverityBadge } from '../../parts/badges/severity-badge.tsx'
import { severities, severityTones } from '../../parts/badges/tones.ts'
import { Card } from '../../parts/page/card.tsx'
import { Figure } from '../../parts/page/figure.tsx'
import { NumberText } from '../../parts/words/number-text.tsx'
import { ruleName } from '../../parts/words/rule-name.ts'
import { TimeText } from '../../parts/words/time-text.tsx'

const filters = { state: 'open' } as const

/** What is open, by how grave it is, and the newest of it. */
export function AnomaliesCard() {
  const summary = useAnomalySummary(true)
  const { rows, error, onRetry } = useAnomalies(filters)
  return (
    <Card
      title="Open anomalies"
      actions={
        <Anchor component={Link} href="/anomalies" size="sm">
          All anomalies
        </Anchor>
      }
    >
      <Figure query={summary} height={52}>
        {({ open }) => (
          <div className="overview-counts">
            {severities.toReversed().map((severity) => (
              <Link
                key={severity}
                href={`/anomalies?state=open&severity=${severity}`}
                className="overview-count"
                data-tone={severityTones[severity]}
                data-some={open[severity] > 0 || undefined}
              >
                <b>
                  <NumberText value={open[severity]} />
                </b>
                {severity}
              </Link>
            ))}
          </div>
        )}
      </Figure>
      <Figure query={{ data: rows, error, refetch: onRetry }} height={190}>
        {(anomalies) =>
          anomalies.length === 0 ? (
            <Text size="sm" c="dimmed" py="md">
              Nothing is open: no key is used in a way that a rule finds unusual.
            </Text>
          ) : (
            <ul className="overview-list">
              {anomalies.slice(0, 5).map((anomaly) => (
                <li key={anomaly.id}>
                  <SeverityBadge severity={anomaly.severity} />
                  <Anchor component={Link} href={`/anomalies/${anomaly.id}`} size="sm" className="cut" c="inherit">
                    {ruleName(anomaly.rule)}: {anomaly.keyName}
                  </Anchor>
                  <Text size="xs" c="dimmed" component="span">
                    <TimeText at={anomaly.detectedAt} as="distance" />
                  </Text>
                </li>
              ))}
            </ul>
          )
        }
      </Figure>
    </Card>
  )
}
