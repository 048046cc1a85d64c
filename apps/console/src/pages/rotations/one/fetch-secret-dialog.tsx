import { Alert, Button, Code, Group, Modal, Stack, Text } from '@mantine/core'
import { toApiError } from '../../../api/error.ts'
import { type RotationDetail, useFetchSuccessor } from '../../../api/keys/rotations.ts'
import { SecretBox } from '../../../parts/dialogs/secret-box.tsx'

/** Fetches the new secret as an operator: after a forced rotation there is no other way to it. */
export function FetchSecretDialog({ rotation, onClose }: { rotation: RotationDetail; onClose: () => void }) {
  const fetch = useFetchSuccessor()
  const got = fetch.data
  return (
    <Modal
      opened
      onClose={got && 'key' in got ? () => {} : onClose}
      title="The new secret"
      closeButtonProps={{ 'aria-label': 'Close', disabled: Boolean(got && 'key' in got) }}
    >
      {!got && (
        <Stack gap="md">
          <Text size="sm">
            It is shown to you, and the audit log says so. Bring it to whoever uses <b>{rotation.keyName}</b>.
          </Text>
          {fetch.error && (
            <Alert color="red" variant="light" role="alert" title={toApiError(fetch.error).title}>
              {fetch.error.message}
            </Alert>
          )}
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
      {got && 'key' in got && (
        <SecretBox secret={got.key} label={`Secret, version ${got.secretVersion}`} onStored={onClose} />
      )}
      {got && 'encryptedKey' in got && (
        <Stack gap="md">
          <Text size="sm">The key has a public key, so only its holder can read this:</Text>
          <Code block>{JSON.stringify(got.encryptedKey, null, 2)}</Code>
          <Group justify="flex-end">
            <Button onClick={onClose}>Done</Button>
          </Group>
        </Stack>
      )}
    </Modal>
  )
}
