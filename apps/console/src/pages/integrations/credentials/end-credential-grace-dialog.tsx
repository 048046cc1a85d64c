import { Text } from '@mantine/core'
import { type CredentialRotation, useEndCredentialGrace } from '../../../api/operation/integrations.ts'
import { ConfirmDialog } from '../../../parts/dialogs/confirm-dialog.tsx'
import { toastDone } from '../../../shell/alerts/toast.ts'

/** Deletes the old credential before its time. */
export function EndCredentialGraceDialog({ rotation, onClose }: { rotation: CredentialRotation; onClose: () => void }) {
  const end = useEndCredentialGrace()
  return (
    <ConfirmDialog
      opened
      onClose={onClose}
      title="End the grace now"
      confirmLabel="End it now"
      danger
      typed={rotation.credentialName}
      pending={end.isPending}
      error={end.error}
      onConfirm={() =>
        end.mutate(rotation.id, {
          onSuccess: () => {
            toastDone('The old one is being deleted', rotation.credentialName)
            onClose()
          },
        })
      }
    >
      <Text size="sm">
        The old value of <b>{rotation.credentialName}</b> is deleted at its system.
        {rotation.claimedAt === null && rotation.handOver.type === 'claim' && ' The new one was not fetched yet.'}
      </Text>
    </ConfirmDialog>
  )
}
