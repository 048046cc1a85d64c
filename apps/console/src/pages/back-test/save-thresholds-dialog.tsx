import { Text } from '@mantine/core'
import { type Thresholds, useSetThresholds } from '../../api/operation/settings.ts'
import { ConfirmDialog } from '../../parts/dialogs/confirm-dialog.tsx'
import { Facts } from '../../parts/page/facts.tsx'
import type { ThresholdChanges } from '../../parts/pickers/threshold-inputs.tsx'
import { thresholdFields, toShown } from '../../parts/pickers/thresholds.ts'
import { formatNumber } from '../../parts/words/format.ts'
import { toastDone } from '../../shell/alerts/toast.ts'

interface Props {
  inForce: Thresholds
  changes: ThresholdChanges
  onClose: () => void
  onSaved: () => void
}

/** Asks before thresholds take effect, and names each change. */
export function SaveThresholdsDialog({ inForce, changes, onClose, onSaved }: Props) {
  const set = useSetThresholds()
  const rows = thresholdFields.flatMap((field) => {
    const value = changes[field.name]
    if (value === undefined) return []
    const say = (stored: number) => `${formatNumber(toShown(field, stored))} ${field.unit}`
    return [[field.label, `${say(inForce[field.name])} → ${say(value)}`] as const]
  })
  return (
    <ConfirmDialog
      opened
      onClose={onClose}
      title="Save thresholds"
      confirmLabel={rows.length === 1 ? 'Save it' : `Save ${rows.length} thresholds`}
      pending={set.isPending}
      error={set.error}
      onConfirm={() =>
        set.mutate(changes, {
          onSuccess: () => {
            toastDone('Thresholds saved', 'Workers take them within 5 seconds.')
            onSaved()
            onClose()
          },
        })
      }
    >
      <Facts rows={rows} />
      <Text size="sm" c="dimmed" mt="md">
        Detection works with them within 5 seconds, for all keys but those whose policy has thresholds of its own.
      </Text>
    </ConfirmDialog>
  )
}
