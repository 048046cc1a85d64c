import { Button, Group, Modal, Stack, Text } from '@mantine/core'
import { type CredentialRotation, useFetchCredential } from '../../../api/operation/integrations.ts'
import { FormError } from '../../../parts/dialogs/form-error.tsx'
import { SecretBox } from '../../../parts/dialogs/secret-box.tsx'

/** Fetches the new value out of escrow. */
export function FetchCredentialDialog({ rotation, onClose }: { rotation: CredentialRotation; onClose: () => void }) {
  const fetch = useFetchCredential()
  const got = fetch.data
  return (
    <Modal
      opened
      onClose={got ? () => {} : onClose}
      title="The new value"
      closeButtonProps={{ 'aria-label': 'Close', disabled: Boolean(got) }}
    >
      {got ? (
        <SecretBox secret={got.key} label={`Value, version ${got.version}`} onStored={onClose} />
      ) : (
        <Stack gap="md">
          <Text size="sm">
            It is shown to you, and the audit log says so. Bring it to whoever uses <b>{rotation.credentialName}</b>.
          </Text>
          <FormError error={fetch.error} />
          <Group justify="flex-end" gap="xs">
            <Button variant="default" onClick={onClose}>
              Cancel
            </Button>
            <Button loading={fetch.isPending} onClick={() => fetch.mutate(rotation.id)} data-autofocus>
              Show it
            </Button>
          </Group>
        </Stack>
      )}
    </Modal>
  )
}
