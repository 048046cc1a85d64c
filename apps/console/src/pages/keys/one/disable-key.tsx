import { Stack, Text } from '@mantine/core'
import { type Key, useUpdateKey } from '../../../api/keys/keys.ts'
import { ConfirmDialog } from '../../../parts/dialogs/confirm-dialog.tsx'
import { toastDone } from '../../../shell/alerts/toast.ts'
import { WhoIsHit } from './who-is-hit.tsx'

/** Stops a key until it is enabled again, after a look at who uses it now. */
export function DisableKey({ keyNow, onClose }: { keyNow: Key; onClose: () => void }) {
  const update = useUpdateKey(keyNow.id)
  return (
    <ConfirmDialog
      opened
      onClose={onClose}
      title={`Disable ${keyNow.name}`}
      confirmLabel="Disable the key"
      pending={update.isPending}
      error={update.error}
      onConfirm={() =>
        update.mutate(
          { enabled: false },
          {
            onSuccess: () => {
              toastDone('Disabled', keyNow.name)
              onClose()
            },
          },
        )
      }
    >
      <Stack gap="sm">
        <Text size="sm">All of its secrets stop validating within a moment, until somebody enables it again.</Text>
        <WhoIsHit keyId={keyNow.id} />
      </Stack>
    </ConfirmDialog>
  )
}
