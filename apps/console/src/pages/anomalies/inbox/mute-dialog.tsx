import { SegmentedControl, Text } from '@mantine/core'
import { useState } from 'react'
import { type Anomaly, useMuteAnomaly } from '../../../api/alerts/anomalies.ts'
import { ConfirmDialog } from '../../../parts/dialogs/confirm-dialog.tsx'
import { muteChoices } from '../../../parts/pickers/choices.ts'
import { ruleName } from '../../../parts/words/rule-name.ts'
import { toastDone } from '../../../shell/alerts/toast.ts'

/** Sends nothing about a rule of a key for a time. */
export function MuteDialog({ anomaly, onClose }: { anomaly: Anomaly; onClose: () => void }) {
  const mute = useMuteAnomaly()
  const [seconds, setSeconds] = useState<string>(muteChoices[0].value)
  const label = muteChoices.find(({ value }) => value === seconds)?.label
  return (
    <ConfirmDialog
      opened
      onClose={onClose}
      title="Mute"
      confirmLabel={`Mute for ${label}`}
      pending={mute.isPending}
      error={mute.error}
      onConfirm={() =>
        mute.mutate(
          { id: anomaly.id, forSeconds: Number(seconds) },
          {
            onSuccess: () => {
              toastDone(`Muted for ${label}`, `${ruleName(anomaly.rule)}, ${anomaly.keyName}`)
              onClose()
            },
          },
        )
      }
    >
      <Text size="sm" mb="sm">
        No sink is told of <b>{ruleName(anomaly.rule)}</b> about <b>{anomaly.keyName}</b> for this time. Anomalies are
        still found and listed, and the silence can be ended early under Alert sinks.
      </Text>
      <SegmentedControl
        fullWidth
        aria-label="For how long"
        data={muteChoices.map((choice) => ({ ...choice }))}
        value={seconds}
        onChange={setSeconds}
      />
    </ConfirmDialog>
  )
}
