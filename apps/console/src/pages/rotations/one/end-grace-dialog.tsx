import { Text } from '@mantine/core'
import { type RotationDetail, useChangeGrace } from '../../../api/keys/rotations.ts'
import { ConfirmDialog } from '../../../parts/dialogs/confirm-dialog.tsx'
import { formatNumber } from '../../../parts/words/format.ts'
import { TimeText } from '../../../parts/words/time-text.tsx'
import { toastDone } from '../../../shell/alerts/toast.ts'

/** Ends the old secret before its time. Where it is still used, the key's name is to be typed. */
export function EndGraceDialog({ rotation, onClose }: { rotation: RotationDetail; onClose: () => void }) {
  const change = useChangeGrace()
  const { id, keyName, usage, firstUsedAt } = rotation
  const inUse = firstUsedAt === null || (usage?.old.requests ?? 0) > 0
  return (
    <ConfirmDialog
      opened
      onClose={onClose}
      title="End the grace now"
      confirmLabel="End it now"
      danger
      {...(inUse && { typed: keyName })}
      pending={change.isPending}
      error={change.error}
      onConfirm={() =>
        change.mutate(
          { id, graceSeconds: 0 },
          {
            onSuccess: () => {
              toastDone('The old secret has ended', keyName)
              onClose()
            },
          },
        )
      }
    >
      <Text size="sm">
        The old secret of <b>{keyName}</b> stops validating at once, everywhere.{' '}
        {usage && usage.old.requests > 0 ? (
          <>
            It was used {formatNumber(usage.old.requests)} times since the rotation, last{' '}
            <TimeText at={usage.old.lastUsedAt} as="distance" />: whoever still has it is cut off.
          </>
        ) : (
          'It was not used since the rotation.'
        )}
        {firstUsedAt === null && ' The new secret is not in use yet.'}
      </Text>
    </ConfirmDialog>
  )
}
