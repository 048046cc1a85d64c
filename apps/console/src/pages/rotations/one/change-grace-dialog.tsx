import { NumberInput, Text } from '@mantine/core'
import { useState } from 'react'
import { issueAt } from '../../../api/error.ts'
import { type RotationDetail, useChangeGrace } from '../../../api/keys/rotations.ts'
import { ConfirmDialog } from '../../../parts/dialogs/confirm-dialog.tsx'
import { TimeText } from '../../../parts/words/time-text.tsx'
import { toastDone } from '../../../shell/alerts/toast.ts'

const hourMs = 3_600_000

/** Gives the old secret more time, or less. The grace counts from the rotation; the type of the key sets its limit. */
export function ChangeGraceDialog({ rotation, onClose }: { rotation: RotationDetail; onClose: () => void }) {
  const change = useChangeGrace()
  const begun = Date.parse(rotation.finishedAt ?? rotation.createdAt)
  const ends = Date.parse(rotation.graceEndsAt ?? rotation.createdAt)
  const [hours, setHours] = useState(Math.round(((ends - begun) / hourMs) * 10) / 10)
  const newEnd = new Date(begun + hours * hourMs).toISOString()
  return (
    <ConfirmDialog
      opened
      onClose={onClose}
      title="Change the grace"
      confirmLabel="Change it"
      pending={change.isPending}
      error={change.error}
      onConfirm={() =>
        change.mutate(
          { id: rotation.id, graceSeconds: Math.round(hours * 3600) },
          {
            onSuccess: () => {
              toastDone('The grace is changed', rotation.keyName)
              onClose()
            },
          },
        )
      }
    >
      <NumberInput
        label="Grace, from the rotation on"
        description="The type of the key and its expiry set the limit. A longer grace takes all scopes of the key."
        value={hours}
        onChange={(value) => typeof value === 'number' && setHours(value)}
        suffix=" hours"
        min={0}
        max={72}
        decimalScale={1}
        error={issueAt(change.error, '/graceSeconds')}
        data-autofocus
      />
      <Text size="sm" mt="sm">
        The old secret would end <TimeText at={newEnd} as="distance" />, at <TimeText at={newEnd} />.
      </Text>
    </ConfirmDialog>
  )
}
