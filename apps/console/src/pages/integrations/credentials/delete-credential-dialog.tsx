import { Text, TextInput } from '@mantine/core'
import { useState } from 'react'
import { type Credential, type SystemName, useDeleteCredential } from '../../../api/operation/integrations.ts'
import { ConfirmDialog } from '../../../parts/dialogs/confirm-dialog.tsx'
import { toastDone } from '../../../shell/alerts/toast.ts'
import { systemWords } from '../words.ts'

interface Props {
  system: SystemName
  credential: Credential
  onClose: () => void
}

/** Deletes a credential at its system. */
export function DeleteCredentialDialog({ system, credential, onClose }: Props) {
  const remove = useDeleteCredential(system)
  const [reason, setReason] = useState('')
  return (
    <ConfirmDialog
      opened
      onClose={onClose}
      title={`Delete ${credential.name}`}
      confirmLabel="Delete"
      danger
      typed={credential.name}
      pending={remove.isPending}
      error={remove.error}
      onConfirm={() =>
        remove.mutate(
          { id: credential.id, ...(reason.trim() && { reason: reason.trim() }) },
          {
            onSuccess: ({ outcome }) => {
              toastDone(outcome === 'gone' ? 'It was gone already' : 'Deleted', credential.name)
              onClose()
            },
          },
        )
      }
    >
      <Text size="sm" mb="sm">
        It is deleted at {systemWords[system].title}, and whatever uses it is refused there from then on.
      </Text>
      <TextInput
        label="Reason"
        placeholder="Optional"
        value={reason}
        onChange={(event) => setReason(event.currentTarget.value)}
        maxLength={500}
        mb="sm"
      />
    </ConfirmDialog>
  )
}
