import { Button } from '@mantine/core'
import { Ban, KeyRound, RefreshCw, Timer, TimerOff, Zap } from 'lucide-react'
import { useState } from 'react'
import { isDraining, type RotationDetail, useCancelRotation } from '../../../api/keys/rotations.ts'
import { useRetryJob } from '../../../api/operation/jobs.ts'
import { ActionMenu } from '../../../parts/dialogs/action-menu.tsx'
import { RotateKeyDialog } from '../../../parts/dialogs/rotate-key-dialog.tsx'
import { useNow } from '../../../parts/words/use-now.ts'
import { toastDone, toastFailed } from '../../../shell/alerts/toast.ts'
import { useMay } from '../../../shell/sign-in/session-context.ts'
import { ChangeGraceDialog } from './change-grace-dialog.tsx'
import { EndGraceDialog } from './end-grace-dialog.tsx'
import { FetchSecretDialog } from './fetch-secret-dialog.tsx'

/** What an operator can do about a rotation in its state. */
export function RotationActions({ rotation }: { rotation: RotationDetail }) {
  const rotates = useMay('rotations:write')
  const now = Math.max(useNow(), Date.now())
  const cancel = useCancelRotation()
  const retry = useRetryJob()
  const retries = useMay('jobs:write') && rotation.state === 'failed'
  const [open, setOpen] = useState<'grace' | 'change' | 'secret' | 'force'>()
  const close = () => setOpen(undefined)
  if (!rotates) return null
  const draining = isDraining(rotation, now)
  const waits = rotation.state === 'queued'
  return (
    <>
      {waits && (
        <Button
          variant="default"
          leftSection={<Ban size={15} />}
          loading={cancel.isPending}
          onClick={() =>
            cancel.mutate(rotation.id, {
              onSuccess: () => toastDone('Cancelled', rotation.keyName),
              onError: (error) => toastFailed('It is not cancelled', error),
            })
          }
        >
          Cancel
        </Button>
      )}
      {retries && (
        <Button
          variant="default"
          leftSection={<RefreshCw size={15} />}
          loading={retry.isPending}
          onClick={() =>
            retry.mutate(rotation.jobId, {
              onSuccess: () => toastDone('Queued again', rotation.keyName),
              onError: (error) => toastFailed('It is not queued', error),
            })
          }
        >
          Retry
        </Button>
      )}
      {draining && (
        <Button variant="default" leftSection={<TimerOff size={15} />} onClick={() => setOpen('grace')}>
          End grace
        </Button>
      )}
      {rotation.claimable && (
        <Button variant="default" leftSection={<KeyRound size={15} />} onClick={() => setOpen('secret')}>
          Fetch the new secret
        </Button>
      )}
      <ActionMenu
        label="More actions"
        actions={[
          draining && { label: 'Change the grace …', Icon: Timer, onClick: () => setOpen('change') },
          { label: 'Rotate again, by force …', Icon: Zap, danger: true, onClick: () => setOpen('force') },
        ]}
      />
      {open === 'grace' && <EndGraceDialog rotation={rotation} onClose={close} />}
      {open === 'change' && <ChangeGraceDialog rotation={rotation} onClose={close} />}
      {open === 'secret' && <FetchSecretDialog rotation={rotation} onClose={close} />}
      {open === 'force' && <RotateKeyDialog keyId={rotation.keyId} keyName={rotation.keyName} forced onClose={close} />}
    </>
  )
}
