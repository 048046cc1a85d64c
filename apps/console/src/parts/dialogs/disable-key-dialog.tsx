import { Text } from '@mantine/core'
import { useDisableKey } from '../../api/keys/key-actions.ts'
import { toastDone } from '../../shell/alerts/toast.ts'
import { ConfirmDialog } from './confirm-dialog.tsx'

/** Stops a key from validating until somebody enables it again. */
export function DisableKeyDialog({ keyId, keyName, onClose }: { keyId: string; keyName: string; onClose: () => void }) {
  const disable = useDisableKey()
  return (
    <ConfirmDialog
      opened
      onClose={onClose}
      title="Disable the key"
      confirmLabel="Disable"
      danger
      pending={disable.isPending}
      error={disable.error}
      onConfirm={() =>
        disable.mutate(
          { keyId },
          {
            onSuccess: () => {
              toastDone('Disabled', keyName)
              onClose()
            },
          },
        )
      }
    >
      <Text size="sm">
        Everything that uses <b>{keyName}</b> is refused at once. It can be enabled again on the key's page.
      </Text>
    </ConfirmDialog>
  )
}
