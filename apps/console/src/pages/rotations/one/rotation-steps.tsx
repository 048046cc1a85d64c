import { isDraining, type RotationDetail } from '../../../api/keys/rotations.ts'
import { TimeText } from '../../../parts/words/time-text.tsx'
import { useNow } from '../../../parts/words/use-now.ts'
import { type Step, Steps } from './steps.tsx'

/** A rotation from its queueing to the end of the old secret. */
export function RotationSteps({ rotation }: { rotation: RotationDetail }) {
  // The clock of the page ticks seldom; what was just ended is over now.
  const now = Math.max(useNow(), Date.now())
  return <Steps steps={stepsOf(rotation, now)} />
}

function stepsOf(rotation: RotationDetail, now: number): Step[] {
  const { state, createdAt, startedAt, finishedAt, error, toVersion, kind } = rotation
  const queued: Step = { title: 'Queued', state: 'done', note: <TimeText at={createdAt} /> }
  if (state === 'cancelled') return [queued, { title: 'Cancelled', state: 'failed', note: error }]
  if (state === 'failed') return [queued, { title: 'Replace the secret', state: 'failed', note: error }]
  if (state !== 'completed')
    return [
      state === 'queued' ? { ...queued, state: 'now', note: error ?? 'Waits for a worker' } : queued,
      { title: 'Replace the secret', state: state === 'running' ? 'running' : 'waiting', note: startedAt && error },
      { title: 'New secret claimed', state: 'waiting' },
      { title: 'New secret in use', state: 'waiting' },
      { title: 'Old secret ended', state: 'waiting' },
    ]
  return [
    queued,
    { title: `Secret replaced by version ${toVersion ?? '–'}`, state: 'done', note: <TimeText at={finishedAt} /> },
    claimStep(rotation),
    rotation.firstUsedAt
      ? { title: 'New secret in use', state: 'done', note: <TimeText at={rotation.firstUsedAt} /> }
      : { title: 'New secret in use', state: rotation.claimedAt ? 'now' : 'waiting' },
    graceStep(rotation, now, kind === 'forced'),
  ]
}

function claimStep({ claimedAt, claimedBy, claimable, firstUsedAt }: RotationDetail): Step {
  const title = 'New secret claimed'
  if (claimedAt)
    return {
      title,
      state: 'done',
      note: (
        <>
          by {claimedBy === 'operator' ? 'an operator' : 'its holder'}, <TimeText at={claimedAt} />
        </>
      ),
    }
  if (firstUsedAt) return { title, state: 'done' }
  if (claimable) return { title, state: 'now', note: 'Waits for the holder, or for an operator to fetch it' }
  return { title, state: 'failed', note: 'It can no longer be fetched' }
}

function graceStep(rotation: RotationDetail, now: number, forced: boolean): Step {
  const { graceEndsAt } = rotation
  if (isDraining(rotation, now))
    return {
      title: 'Old secret ends',
      state: 'now',
      note: <TimeText at={graceEndsAt} as="distance" />,
    }
  return {
    title: 'Old secret ended',
    state: 'done',
    note: forced ? 'At once, since the rotation was forced' : <TimeText at={graceEndsAt} />,
  }
}
