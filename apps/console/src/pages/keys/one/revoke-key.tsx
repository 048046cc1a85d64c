import { Stack, Text, TextInput } from '@mantine/core'
import { useState } from 'react'
import { type Key, useRevokeKey } from '../../../api/keys/keys.ts'
import { ConfirmDialog } from '../../../parts/dialogs/confirm-dialog.tsx'
import { toastDone } from '../../../shell/alerts/toast.ts'
import { useSession } from '../../../shell/sign-in/session-context.ts'
import { WhoIsHit } from './who-is-hit.tsx'

/** Ends a key for good, with a reason, after a look at who uses it now. */
export function RevokeKey({ keyNow, onClose }: { keyNow: Key; onClose: () => void }) {
  const revoke = useRevokeKey(keyNow.id)
  const { keyId } = useSession()
  const [reason, setReason] = useState('')
  return (
    <ConfirmDialog
      opened
      onClose={onClose}
      title={`Revoke ${keyNow.name}`}
      confirmLabel="Revoke the key"
      danger
      typed={keyNow.name}
      pending={revoke.isPending}
      error={revoke.error}
      onConfirm={() =>
        revoke.mutate(reason.trim() ? { reason: reason.trim() } : {}, {
          onSuccess: () => {
            toastDone('Revoked', keyNow.name)
            onClose()
          },
        })
      }
    >
      <Stack gap="sm">
        <Text size="sm">All of its secrets stop validating within a moment, everywhere. This cannot be undone.</Text>
        {keyId === keyNow.id && (
          <Text size="sm" c="var(--tone-bad)" fw={550}>
            This is the key that you are signed in with: you will be signed out.
          </Text>
        )}
        <WhoIsHit keyId={keyNow.id} />
        <TextInput
          label="Reason"
          description="For the audit log"
          placeholder="Leaked in a commit"
          data-autofocus
          maxLength={500}
          value={reason}
          onChange={(event) => setReason(event.currentTarget.value)}
        />
      </Stack>
    </ConfirmDialog>
  )
}
