import { Button, Group, Text } from '@mantine/core'
import { useParams } from 'wouter'
import { useAnomaly } from '../../../api/alerts/anomalies.ts'
import { SeverityBadge } from '../../../parts/badges/severity-badge.tsx'
import { StatusBadge } from '../../../parts/badges/status-badge.tsx'
import { ActionMenu } from '../../../parts/dialogs/action-menu.tsx'
import { Card } from '../../../parts/page/card.tsx'
import { PageBody } from '../../../parts/page/page.tsx'
import { PageHeader } from '../../../parts/page/page-header.tsx'
import { ErrorState } from '../../../parts/states/error-state.tsx'
import { Loading } from '../../../parts/states/loading.tsx'
import { ruleName } from '../../../parts/words/rule-name.ts'
import { describeAnomaly, measureOf } from '../describe.ts'
import { useAnomalyActions } from '../inbox/use-anomaly-actions.tsx'
import { AnomalyBars } from './anomaly-bars.tsx'
import { AnomalyChart } from './anomaly-chart.tsx'
import { AnomalyHistory } from './anomaly-history.tsx'
import { OtherAnomalies } from './other-anomalies.tsx'
import './anomaly-page.css'

const parents = [{ label: 'Anomalies', href: '/anomalies' }]

/** One anomaly, which explains itself. */
export function AnomalyPage() {
  const { id = '' } = useParams<{ id: string }>()
  const { data: anomaly, error, refetch } = useAnomaly(id)
  const actions = useAnomalyActions()
  if (!anomaly)
    return (
      <>
        <PageHeader title="Anomaly" parents={parents} />
        {error ? <ErrorState error={error} onRetry={refetch} /> : <Loading />}
      </>
    )
  return (
    <>
      <PageHeader
        title={`${ruleName(anomaly.rule)}: ${anomaly.keyName}`}
        parents={parents}
        badge={
          <Group gap={6}>
            <SeverityBadge severity={anomaly.severity} />
            <StatusBadge status={anomaly.state} />
          </Group>
        }
        actions={
          <>
            {actions.may('acknowledge', anomaly) && (
              <Button variant="default" onClick={() => actions.act('acknowledge', anomaly)}>
                Acknowledge
              </Button>
            )}
            {actions.may('resolve', anomaly) && (
              <Button onClick={() => actions.act('resolve', anomaly)}>Resolve</Button>
            )}
            <ActionMenu label="More actions" actions={actions.menuOf(anomaly)} />
          </>
        }
      />
      <PageBody>
        <div className="anomaly-grid">
          <Card title={measureOf(anomaly.rule).title}>
            <Text size="lg" mb="md" className="anomaly-why">
              {describeAnomaly(anomaly)}
            </Text>
            <AnomalyBars anomaly={anomaly} />
            <Text size="sm" c="dimmed" mt="md">
              As the rule put it: {anomaly.explanation}.
            </Text>
          </Card>
          <Card title="What became of it">
            <AnomalyHistory anomaly={anomaly} />
          </Card>
        </div>
        <Card title="Traffic around it" description="The window in which the rule fired is marked.">
          <AnomalyChart anomaly={anomaly} />
        </Card>
        <OtherAnomalies anomaly={anomaly} />
      </PageBody>
      {actions.dialog}
    </>
  )
}
