import { Text, Textarea } from '@mantine/core'
import { useState } from 'react'
import { type Anomaly, useResolveAnomaly } from '../../../api/alerts/anomalies.ts'
import { ConfirmDialog } from '../../../parts/dialogs/confirm-dialog.tsx'
import { ruleName } from '../../../parts/words/rule-name.ts'
import { toastDone } from '../../../shell/alerts/toast.ts'

/** Notes that an anomaly is dealt with, and what was found. */
export function ResolveDialog({ anomaly, onClose }: { anomaly: Anomaly; onClose: () => void }) {
  const resolve = useResolveAnomaly()
  const [note, setNote] = useState('')
  return (
    <ConfirmDialog
      opened
      onClose={onClose}
      title="Resolve"
      confirmLabel="Resolve"
      pending={resolve.isPending}
      error={resolve.error}
      onConfirm={() =>
        resolve.mutate(
          { id: anomaly.id, note: note.trim() || undefined },
          {
            onSuccess: () => {
              toastDone('Resolved', `${ruleName(anomaly.rule)}, ${anomaly.keyName}`)
              onClose()
            },
          },
        )
      }
    >
      <Text size="sm" mb="sm">
        {ruleName(anomaly.rule)} of <b>{anomaly.keyName}</b>: {anomaly.explanation}.
      </Text>
      <Textarea
        label="Note"
        description="What was found or done; it is kept with the anomaly and in the audit log."
        placeholder="A known load test"
        value={note}
        onChange={(event) => setNote(event.currentTarget.value)}
        maxLength={1000}
        autosize
        minRows={2}
        maxRows={8}
        data-autofocus
      />
    </ConfirmDialog>
  )
}
