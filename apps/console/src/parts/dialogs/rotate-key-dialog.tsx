import { Checkbox, Stack, Text, TextInput } from '@mantine/core'
import { useState } from 'react'
import { useLocation } from 'wouter'
import { useRotateKey } from '../../api/keys/key-actions.ts'
import { toastDone } from '../../shell/alerts/toast.ts'
import { ConfirmDialog } from './confirm-dialog.tsx'

interface Props {
  keyId: string
  keyName: string
  /** Why, to begin with. */
  reason?: string
  /** Without grace, to begin with. */
  forced?: boolean
  onClose: () => void
}

/** Queues the rotation of one key, and goes to its page. Without a grace the name is to be typed. */
export function RotateKeyDialog({ keyId, keyName, reason: first = '', forced: force = false, onClose }: Props) {
  const rotate = useRotateKey()
  const [, go] = useLocation()
  const [reason, setReason] = useState(first)
  const [forced, setForced] = useState(force)
  return (
    <ConfirmDialog
      key={String(forced)}
      opened
      onClose={onClose}
      title="Rotate the key"
      confirmLabel={forced ? 'Rotate without grace' : 'Rotate'}
      danger={forced}
      {...(forced && { typed: keyName })}
      pending={rotate.isPending}
      error={rotate.error}
      onConfirm={() =>
        rotate.mutate(
          { keyId, forced, ...(reason.trim() && { reason: reason.trim() }) },
          {
            onSuccess: ({ rotationId }) => {
              toastDone('The rotation is queued', keyName)
              onClose()
              go(`/rotations/${rotationId}`)
            },
          },
        )
      }
    >
      <Stack gap="sm">
        <Text size="sm">
          {forced ? (
            <>
              The secret of <b>{keyName}</b> stops validating at once, everywhere. Its holder cannot claim the next one:
              somebody has to fetch it, and bring it there.
            </>
          ) : (
            <>
              <b>{keyName}</b> gets a new secret. The old one validates beside it for its grace, and its holder can
              claim the new one with it.
            </>
          )}
        </Text>
        <TextInput
          label="Reason"
          placeholder="Optional"
          value={reason}
          onChange={(event) => setReason(event.currentTarget.value)}
          maxLength={500}
        />
        <Checkbox
          label="Force: no grace"
          description="For a secret that somebody else has."
          checked={forced}
          onChange={(event) => setForced(event.currentTarget.checked)}
        />
      </Stack>
    </ConfirmDialog>
  )
}
