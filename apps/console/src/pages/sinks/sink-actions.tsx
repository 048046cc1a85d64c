import { Button } from '@mantine/core'
import { KeyRound, Pause, Pencil, Play, Send, Trash } from 'lucide-react'
import { useState } from 'react'
import { useLocation } from 'wouter'
import { type Sink, useRemoveSink, useUpdateSink } from '../../api/alerts/sinks.ts'
import { ActionMenu } from '../../parts/dialogs/action-menu.tsx'
import { ConfirmDialog } from '../../parts/dialogs/confirm-dialog.tsx'
import { toastDone, toastFailed } from '../../shell/alerts/toast.ts'
import { useMay } from '../../shell/sign-in/session-context.ts'
import { EditSinkDialog } from './form/edit-sink-dialog.tsx'
import { RotateSinkSecretDialog } from './rotate-sink-secret-dialog.tsx'
import { TestSinkDialog } from './test-sink-dialog.tsx'

/** What can be done with a sink. */
export function SinkActions({ sink }: { sink: Sink }) {
  const writes = useMay('alerts:write')
  const [, go] = useLocation()
  const [open, setOpen] = useState<'edit' | 'test' | 'secret' | 'remove'>()
  const close = () => setOpen(undefined)
  const update = useUpdateSink(sink.id)
  const remove = useRemoveSink(sink.id)
  if (!writes) return null
  const active = sink.state === 'active'
  const toggle = () =>
    update.mutate(
      { state: active ? 'paused' : 'active' },
      {
        onSuccess: () => toastDone(active ? 'Paused' : 'It sends again', sink.name),
        onError: (error) => toastFailed('Its state is as before', error),
      },
    )
  return (
    <>
      <Button leftSection={<Send size={15} />} onClick={() => setOpen('test')}>
        Send a test
      </Button>
      <Button
        variant="default"
        leftSection={active ? <Pause size={15} /> : <Play size={15} />}
        loading={update.isPending}
        onClick={toggle}
      >
        {active ? 'Pause' : 'Resume'}
      </Button>
      <ActionMenu
        label="More actions"
        actions={[
          { label: 'Change …', Icon: Pencil, onClick: () => setOpen('edit') },
          sink.kind === 'webhook' && { label: 'Rotate the secret …', Icon: KeyRound, onClick: () => setOpen('secret') },
          { label: 'Remove …', Icon: Trash, danger: true, onClick: () => setOpen('remove') },
        ]}
      />
      {open === 'edit' && <EditSinkDialog sink={sink} onClose={close} />}
      {open === 'test' && <TestSinkDialog sink={sink} onClose={close} />}
      {open === 'secret' && <RotateSinkSecretDialog sink={sink} onClose={close} />}
      <ConfirmDialog
        opened={open === 'remove'}
        onClose={close}
        title="Remove the sink"
        confirmLabel="Remove"
        danger
        typed={sink.name}
        pending={remove.isPending}
        error={remove.error}
        onConfirm={() =>
          remove.mutate(undefined, {
            onSuccess: () => {
              toastDone('Removed', sink.name)
              go('/sinks')
            },
          })
        }
      >
        Nothing is sent to <b>{sink.name}</b> any more, what waits included. Its log goes with it.
      </ConfirmDialog>
    </>
  )
}
