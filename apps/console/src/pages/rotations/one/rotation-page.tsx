import { Alert } from '@mantine/core'
import { useParams } from 'wouter'
import { type RotationDetail, useRotation } from '../../../api/keys/rotations.ts'
import { StatusBadge } from '../../../parts/badges/status-badge.tsx'
import { Card } from '../../../parts/page/card.tsx'
import { Facts } from '../../../parts/page/facts.tsx'
import { PageBody } from '../../../parts/page/page.tsx'
import { PageHeader } from '../../../parts/page/page-header.tsx'
import { EmptyState } from '../../../parts/states/empty-state.tsx'
import { ErrorState } from '../../../parts/states/error-state.tsx'
import { Loading } from '../../../parts/states/loading.tsx'
import { JobLink } from '../../../parts/words/job-link.tsx'
import { KeyLink } from '../../../parts/words/key-link.tsx'
import { TimeText } from '../../../parts/words/time-text.tsx'
import { Drain } from './drain.tsx'
import { RotationActions } from './rotation-actions.tsx'
import { RotationSteps } from './rotation-steps.tsx'
import './rotation-page.css'

const parents = [{ label: 'Rotations', href: '/rotations' }]

/** One rotation, live. */
export function RotationPage() {
  const { id = '' } = useParams<{ id: string }>()
  const { data: rotation, error, refetch } = useRotation(id)
  if (!rotation)
    return (
      <>
        <PageHeader title="Rotation" parents={parents} />
        {error ? <ErrorState error={error} onRetry={refetch} /> : <Loading />}
      </>
    )
  return (
    <>
      <PageHeader
        title={rotation.keyName}
        description={`A ${rotation.kind} rotation`}
        parents={parents}
        badge={<StatusBadge status={rotation.state} />}
        actions={<RotationActions rotation={rotation} />}
      />
      <PageBody>
        {error && (
          <Alert color="yellow" variant="light" title="What is shown may be old">
            {error.message}
          </Alert>
        )}
        <div className="rotation-grid">
          <Card title="From the old secret to the new one" flush={false}>
            {rotation.usage ? (
              <Drain usage={rotation.usage} />
            ) : (
              <EmptyState
                title="Nothing to count yet"
                text="Once the secret is replaced, this shows who still uses the old one, and who the new."
              />
            )}
          </Card>
          <div>
            <Card title="Steps">
              <RotationSteps rotation={rotation} />
            </Card>
            <div style={{ height: 'var(--mantine-spacing-md)' }} />
            <Card title="About it">
              <About rotation={rotation} />
            </Card>
          </div>
        </div>
      </PageBody>
    </>
  )
}

function About({ rotation }: { rotation: RotationDetail }) {
  return (
    <Facts
      rows={[
        ['Key', <KeyLink key="key" id={rotation.keyId} name={rotation.keyName} />],
        ['Reason', rotation.reason],
        ['Asked for by', <KeyLink key="by" id={rotation.requestedBy} none="Momentry" />],
        ['Queued', <TimeText key="queued" at={rotation.createdAt} />],
        ['Grace ends', <TimeText key="grace" at={rotation.graceEndsAt} />],
        ['Job', <JobLink key="job" id={rotation.jobId} />],
      ]}
    />
  )
}
