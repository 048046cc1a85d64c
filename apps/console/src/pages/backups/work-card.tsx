import { Alert, Loader, Text } from '@mantine/core'
import { useEffect, useRef } from 'react'
import { isOver, useJob, useJobResults } from '../../api/operation/jobs.ts'
import { queryClient } from '../../api/query.ts'
import { StatusBadge } from '../../parts/badges/status-badge.tsx'
import { Card } from '../../parts/page/card.tsx'
import { ErrorState } from '../../parts/states/error-state.tsx'
import { JobLink } from '../../parts/words/job-link.tsx'
import { useMay } from '../../shell/sign-in/session-context.ts'
import type { Work } from './work.ts'
import { WorkOutcome } from './work-outcome.tsx'

/** Work on backups that was begun here, from its queueing to what came of it. */
export function WorkCard({ work, onOver }: { work: Work; onOver: () => void }) {
  const may = useMay('jobs:read')
  const job = useJob(work.jobId, may)
  const over = job.data !== undefined && isOver(job.data)
  const results = useJobResults(work.jobId, { over, enabled: may })
  const told = useRef(false)
  useEffect(() => {
    if (!over || told.current) return
    told.current = true
    onOver()
    void queryClient.invalidateQueries({ queryKey: ['backups'] })
  }, [over, onOver])
  const output = results.data?.data.at(-1)?.output
  return (
    <Card
      title={work.title}
      actions={job.data ? <StatusBadge status={job.data.state} /> : undefined}
      description={
        <>
          Job <JobLink id={work.jobId} />
        </>
      }
    >
      <div aria-live="polite">
        {!may && <Text size="sm">It is queued. To see what comes of it takes jobs:read.</Text>}
        {job.error && <ErrorState error={job.error} onRetry={job.refetch} />}
        {job.data && !over && (
          <Text size="sm" component="div" style={{ display: 'flex', gap: 8, alignItems: 'center' }}>
            <Loader size="xs" />
            {job.data.state === 'queued' ? 'Waits for the worker …' : 'The worker is at it …'}
          </Text>
        )}
        {job.data?.state === 'failed' && (
          <Alert color="red" variant="light" title="It failed">
            {job.data.error}
          </Alert>
        )}
        {job.data?.state === 'completed' && output && <WorkOutcome output={output} />}
      </div>
    </Card>
  )
}
