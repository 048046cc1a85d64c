import { Alert, Anchor, Code } from '@mantine/core'
import { Link, useParams } from 'wouter'
import { isOver, type Job, useJob, useJobResults } from '../../api/operation/jobs.ts'
import { StatusBadge } from '../../parts/badges/status-badge.tsx'
import { Card } from '../../parts/page/card.tsx'
import { Facts } from '../../parts/page/facts.tsx'
import { PageBody } from '../../parts/page/page.tsx'
import { PageHeader } from '../../parts/page/page-header.tsx'
import { EmptyState } from '../../parts/states/empty-state.tsx'
import { ErrorState } from '../../parts/states/error-state.tsx'
import { Loading } from '../../parts/states/loading.tsx'
import { KeyLink } from '../../parts/words/key-link.tsx'
import { shortId } from '../../parts/words/short-id.ts'
import { TimeText } from '../../parts/words/time-text.tsx'
import { Duration } from './duration.tsx'
import { Results } from './results.tsx'
import { RetryButton } from './retry-button.tsx'

const parents = [{ label: 'Jobs', href: '/jobs' }]

/** One job, and what became of each of its steps. */
export function JobPage() {
  const { id = '' } = useParams<{ id: string }>()
  const { data: job, error, refetch } = useJob(id)
  if (!job)
    return (
      <>
        <PageHeader title="Job" parents={parents} />
        {error ? <ErrorState error={error} onRetry={refetch} /> : <Loading />}
      </>
    )
  return (
    <>
      <PageHeader
        title={job.name}
        description={`A job of the queue ${job.queue}`}
        parents={parents}
        badge={<StatusBadge status={job.state} />}
        actions={<RetryButton job={job} size="sm" />}
      />
      <PageBody>
        {job.error && (
          <Alert color={job.state === 'failed' ? 'red' : 'yellow'} variant="light" title="The last attempt failed">
            {job.error}
          </Alert>
        )}
        <Card title="Steps" flush>
          <StepsOf job={job} />
        </Card>
        <Card title="About it">
          <Facts
            rows={[
              ['Key', <KeyLink key="key" id={job.keyId} />],
              ['Rotation', rotationOf(job)],
              ['Attempts', `${job.attempts} of ${job.maxAttempts}`],
              ['Took', <Duration key="took" of={job} />],
              ['Created', <TimeText key="created" at={job.createdAt} />],
              ['Started', <TimeText key="started" at={job.startedAt} />],
              ['Finished', <TimeText key="finished" at={job.finishedAt} />],
              [
                'Id',
                <span key="id" className="mono">
                  {job.id}
                </span>,
              ],
              [
                'Given',
                <Code key="data" block>
                  {JSON.stringify(job.data, null, 2)}
                </Code>,
              ],
            ]}
          />
        </Card>
      </PageBody>
    </>
  )
}

/** The way to the rotation that a job is the work of. */
function rotationOf({ queue, data }: Job) {
  const id = data['rotationId']
  if (queue !== 'rotations' || typeof id !== 'string') return undefined
  return (
    <Anchor component={Link} href={`/rotations/${id}`} className="mono" inherit>
      {shortId(id)}
    </Anchor>
  )
}

function StepsOf({ job }: { job: Job }) {
  const { data, error, refetch } = useJobResults(job.id, { over: isOver(job) })
  if (error && !data) return <ErrorState error={error} onRetry={refetch} />
  if (!data)
    return (
      <div style={{ padding: 'var(--mantine-spacing-md)' }}>
        <Loading lines={3} />
      </div>
    )
  if (data.data.length === 0)
    return (
      <EmptyState
        title={isOver(job) ? 'No step is kept' : 'No step yet'}
        text={job.state === 'queued' ? 'It waits for a worker.' : undefined}
      />
    )
  return <Results results={data.data} />
}
