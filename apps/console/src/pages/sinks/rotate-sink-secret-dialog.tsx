import { Button, Group, Modal, SegmentedControl, Stack, Text } from '@mantine/core'
import { useState } from 'react'
import { type Sink, useRotateSinkSecret } from '../../api/alerts/sinks.ts'
import { FormError } from '../../parts/dialogs/form-error.tsx'
import { SecretBox } from '../../parts/dialogs/secret-box.tsx'

const overlaps = [
  { value: '0', label: 'None' },
  { value: '3600', label: '1 hour' },
  { value: '86400', label: '1 day' },
  { value: '604800', label: '7 days' },
]

/** Gives a webhook a new signing secret; the one before signs beside it for a time. */
export function RotateSinkSecretDialog({ sink, onClose }: { sink: Sink; onClose: () => void }) {
  const rotate = useRotateSinkSecret(sink.id)
  const [overlap, setOverlap] = useState('86400')
  const secret = rotate.data?.secret
  return (
    <Modal
      opened
      onClose={secret ? () => {} : onClose}
      title="Rotate the signing secret"
      closeButtonProps={{ 'aria-label': 'Close', disabled: Boolean(secret) }}
    >
      {secret ? (
        <SecretBox secret={secret} label="New signing secret" onStored={onClose} />
      ) : (
        <Stack gap="md">
          <Text size="sm">
            Every message to <b>{sink.name}</b> is signed by both secrets until the overlap ends, so that the receiver
            can change over in its own time.
          </Text>
          <SegmentedControl fullWidth aria-label="Overlap" data={overlaps} value={overlap} onChange={setOverlap} />
          <FormError error={rotate.error} />
          <Group justify="flex-end" gap="xs">
            <Button variant="default" onClick={onClose}>
              Cancel
            </Button>
            <Button loading={rotate.isPending} onClick={() => rotate.mutate(Number(overlap))}>
              Rotate
            </Button>
          </Group>
        </Stack>
      )}
    </Modal>
  )
}
