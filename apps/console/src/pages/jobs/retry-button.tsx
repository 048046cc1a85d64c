import { Button } from '@mantine/core'
import { type Job, useRetryJob } from '../../api/operation/jobs.ts'
import { toastDone, toastFailed } from '../../shell/alerts/toast.ts'
import { useMay } from '../../shell/sign-in/session-context.ts'

/** Other work comes round by itself. */
const retried = ['rotations', 'integration-rotations']

/** Queues a failed job again, where it is of a kind for which that is possible. */
export function RetryButton({ job, size = 'compact-xs' }: { job: Job; size?: 'compact-xs' | 'sm' }) {
  const may = useMay('jobs:write')
  const retry = useRetryJob()
  if (!may || job.state !== 'failed' || !retried.includes(job.queue)) return null
  return (
    <Button
      variant="default"
      size={size}
      loading={retry.isPending}
      onClick={() =>
        retry.mutate(job.id, {
          onSuccess: () => toastDone('Queued again', job.name),
          onError: (error) => toastFailed('It is not queued', error),
        })
      }
    >
      Retry
    </Button>
  )
}
