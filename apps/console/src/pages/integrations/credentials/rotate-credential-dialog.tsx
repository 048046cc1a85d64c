import { Checkbox, Text, TextInput } from '@mantine/core'
import { useState } from 'react'
import { type Credential, type SystemName, useRotateCredential } from '../../../api/operation/integrations.ts'
import { ConfirmDialog } from '../../../parts/dialogs/confirm-dialog.tsx'
import { toastDone } from '../../../shell/alerts/toast.ts'

interface Props {
  system: SystemName
  credential: Credential
  onClose: () => void
}

/** Replaces a credential at its system. */
export function RotateCredentialDialog({ system, credential, onClose }: Props) {
  const rotate = useRotateCredential(system)
  const [reason, setReason] = useState('')
  const [forced, setForced] = useState(false)
  return (
    <ConfirmDialog
      key={String(forced)}
      opened
      onClose={onClose}
      title={`Rotate ${credential.name}`}
      confirmLabel="Rotate"
      danger={forced}
      {...(forced && { typed: credential.name })}
      pending={rotate.isPending}
      error={rotate.error}
      onConfirm={() =>
        rotate.mutate(
          { id: credential.id, forced, ...(reason.trim() && { reason: reason.trim() }) },
          {
            onSuccess: () => {
              toastDone('The rotation is queued', credential.name)
              onClose()
            },
          },
        )
      }
    >
      <Text size="sm" mb="sm">
        A new one is made, handed over and verified; the old one stays beside it for its grace
        {forced && ', which a forced rotation does not have'}.
      </Text>
      <TextInput
        label="Reason"
        placeholder="Optional"
        value={reason}
        onChange={(event) => setReason(event.currentTarget.value)}
        maxLength={500}
        mb="sm"
      />
      <Checkbox
        label="Force: no grace"
        description="The old one is deleted as soon as there is a new one."
        checked={forced}
        onChange={(event) => setForced(event.currentTarget.checked)}
      />
    </ConfirmDialog>
  )
}
