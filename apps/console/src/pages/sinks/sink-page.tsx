import { Alert } from '@mantine/core'
import { useParams } from 'wouter'
import { type Sink, useSink } from '../../api/alerts/sinks.ts'
import { StatusBadge } from '../../parts/badges/status-badge.tsx'
import { Card } from '../../parts/page/card.tsx'
import { Facts } from '../../parts/page/facts.tsx'
import { PageBody } from '../../parts/page/page.tsx'
import { PageHeader } from '../../parts/page/page-header.tsx'
import { ErrorState } from '../../parts/states/error-state.tsx'
import { Loading } from '../../parts/states/loading.tsx'
import { formatSpan } from '../../parts/words/format.ts'
import { ruleName } from '../../parts/words/rule-name.ts'
import { TimeText } from '../../parts/words/time-text.tsx'
import { Deliveries } from './deliveries.tsx'
import { alertTypeName } from './form/alert-types.ts'
import { sinkKinds, targetOf } from './form/kinds.ts'
import { SinkActions } from './sink-actions.tsx'
import './sinks.css'

const parents = [{ label: 'Alert sinks', href: '/sinks' }]

/** One sink: what reaches it, and what was sent. */
export function SinkPage() {
  const { id = '' } = useParams<{ id: string }>()
  const { data: sink, error, refetch } = useSink(id)
  if (!sink)
    return (
      <>
        <PageHeader title="Alert sink" parents={parents} />
        {error ? <ErrorState error={error} onRetry={refetch} /> : <Loading />}
      </>
    )
  return (
    <>
      <PageHeader
        title={sink.name}
        description={sinkKinds[sink.kind].title}
        parents={parents}
        badge={<StatusBadge status={sink.state} />}
        actions={<SinkActions sink={sink} />}
      />
      <PageBody>
        <StateNotice sink={sink} />
        <div className="sink-grid">
          <Card title="Target">
            <Target sink={sink} />
          </Card>
          <Card title="What reaches it">
            <Routing sink={sink} />
          </Card>
        </div>
        <Deliveries sinkId={sink.id} />
      </PageBody>
    </>
  )
}

function StateNotice({ sink: { state, stateReason } }: { sink: Sink }) {
  if (state === 'active') return null
  if (state === 'paused')
    return (
      <Alert color="yellow" variant="light" title="Paused">
        Nothing is sent, and what comes meanwhile is not sent later.
      </Alert>
    )
  return (
    <Alert color="red" variant="light" title="Disabled">
      {stateReason ?? 'The receiver said that it is gone for good.'} Resume it once it is there again.
    </Alert>
  )
}

function Target({ sink }: { sink: Sink }) {
  return (
    <Facts
      rows={[
        ['Kind', sinkKinds[sink.kind].title],
        ['Sends to', targetOf(sink)],
        [
          'Secret',
          sink.kind === 'webhook'
            ? sink.previousSecretUntil
              ? 'Two sign: the one before, too'
              : 'Made by Momentry'
            : sink.kind === 'email'
              ? undefined
              : 'Given, and sealed',
        ],
        [
          'The one before signs until',
          sink.previousSecretUntil ? <TimeText key="until" at={sink.previousSecretUntil} /> : undefined,
        ],
        ['Made', <TimeText key="made" at={sink.createdAt} />],
        ['Changed', <TimeText key="changed" at={sink.updatedAt} as="distance" />],
      ]}
    />
  )
}

function Routing({ sink: { routing, groupSeconds, quietHours } }: { sink: Sink }) {
  return (
    <Facts
      rows={[
        ['Severity', routing.minSeverity === 'low' ? 'All' : `${routing.minSeverity} and graver`],
        ['Kinds of alert', routing.types.map(alertTypeName).join(', ') || 'All'],
        ['Rules', routing.rules.map(ruleName).join(', ') || 'All'],
        ['Owners', routing.owners.join(', ') || 'All'],
        ['Grouped within', groupSeconds === 0 ? 'Not grouped' : formatSpan(groupSeconds)],
        ['Quiet', quietHours ? `${quietHours.from} to ${quietHours.to}, ${quietHours.timeZone}` : 'Never'],
      ]}
    />
  )
}
