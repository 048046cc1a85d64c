import { Select, Stack, Text } from '@mantine/core'
import { useState } from 'react'
import { type Backup, useDiffBackups } from '../../api/operation/backups.ts'
import { ConfirmDialog } from '../../parts/dialogs/confirm-dialog.tsx'
import { formatLocal } from '../../parts/words/format.ts'
import type { Work } from './work.ts'

interface Props {
  backups: readonly Backup[]
  onClose: () => void
  onBegin: (work: Work) => void
}

/** Chooses two backups to compare. */
export function DiffDialog({ backups, onClose, onBegin }: Props) {
  const diff = useDiffBackups()
  const [before, setBefore] = useState(String(backups[1]?.number))
  const [after, setAfter] = useState(String(backups[0]?.number))
  const options = backups.map(({ number, createdAt }) => ({
    value: String(number),
    label: `${number}: ${formatLocal(new Date(createdAt))}`,
  }))
  return (
    <ConfirmDialog
      opened
      onClose={onClose}
      title="Compare two backups"
      confirmLabel="Compare"
      pending={diff.isPending}
      error={diff.error}
      onConfirm={() =>
        diff.mutate(
          { number: Number(before), after: Number(after) },
          {
            onSuccess: ({ jobId }) => {
              onBegin({ jobId, title: `Compare backup ${before} with ${after}` })
              onClose()
            },
          },
        )
      }
    >
      <Text size="sm" mb="sm">
        Both are read in full, side by side, and rows are told apart by their primary keys.
      </Text>
      <Stack gap="sm">
        <Select
          label="From"
          data={options}
          value={before}
          onChange={(value) => value && setBefore(value)}
          allowDeselect={false}
        />
        <Select
          label="To"
          data={options}
          value={after}
          onChange={(value) => value && setAfter(value)}
          allowDeselect={false}
        />
      </Stack>
    </ConfirmDialog>
  )
}
