import { Text, TextInput } from '@mantine/core'
import { useState } from 'react'
import { useCreateBackup } from '../../api/operation/backups.ts'
import { ConfirmDialog } from '../../parts/dialogs/confirm-dialog.tsx'
import type { Work } from './work.ts'

/** Asks why, and has the worker make a backup. */
export function CreateBackupDialog({ onClose, onBegin }: { onClose: () => void; onBegin: (work: Work) => void }) {
  const create = useCreateBackup()
  const [reason, setReason] = useState('')
  return (
    <ConfirmDialog
      opened
      onClose={onClose}
      title="Make a backup"
      confirmLabel="Make it"
      pending={create.isPending}
      error={create.error}
      onConfirm={() =>
        create.mutate(reason.trim(), {
          onSuccess: ({ jobId }) => {
            onBegin({ jobId, title: 'Make a backup' })
            onClose()
          },
        })
      }
    >
      <Text size="sm" mb="sm">
        The worker reads everything at one moment; nothing else waits for it.
      </Text>
      <TextInput
        label="Reason"
        placeholder="Before the upgrade"
        value={reason}
        onChange={(event) => setReason(event.currentTarget.value)}
        maxLength={500}
        data-autofocus
      />
    </ConfirmDialog>
  )
}
