import { Modal } from '@mantine/core'
import { type Key, useUpdateKey } from '../../api/keys/keys.ts'
import { toastDone } from '../../shell/alerts/toast.ts'
import { draftOf, toUpdate } from './form/draft.ts'
import { KeyForm } from './form/key-form.tsx'

/** Changes a key: only what is different is sent. */
export function EditKey({ keyNow, onClose }: { keyNow: Key; onClose: () => void }) {
  const update = useUpdateKey(keyNow.id)
  return (
    <Modal
      opened
      onClose={onClose}
      size="lg"
      title={`Edit ${keyNow.name}`}
      closeOnClickOutside={false}
      closeButtonProps={{ 'aria-label': 'Close' }}
    >
      <KeyForm
        first={draftOf(keyNow)}
        pending={update.isPending}
        error={update.error}
        submitLabel="Save"
        onCancel={onClose}
        onSubmit={(draft) => {
          const change = toUpdate(keyNow, draft)
          if (!change) return onClose()
          update.mutate(change, {
            onSuccess: () => {
              toastDone('Saved', draft.name)
              onClose()
            },
          })
        }}
      />
    </Modal>
  )
}
