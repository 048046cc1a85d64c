import { Modal } from '@mantine/core'
import { useState } from 'react'
import { useLocation } from 'wouter'
import { type CreatedKey, useCreateKey } from '../../api/keys/keys.ts'
import { SecretBox } from '../../parts/dialogs/secret-box.tsx'
import { type KeyDraft, newDraft, toCreate } from './form/draft.ts'
import { KeyForm } from './form/key-form.tsx'

/** Makes a key, and shows its secret once: the way on is through saying that it is stored. */
export function CreateKey({ opened, onClose }: { opened: boolean; onClose: () => void }) {
  const [made, setMade] = useState<CreatedKey>()
  const [, go] = useLocation()
  const create = useCreateKey()
  const close = () => {
    setMade(undefined)
    create.reset()
    onClose()
  }
  const submit = (draft: KeyDraft) => create.mutate(toCreate(draft), { onSuccess: setMade })
  return (
    <Modal
      opened={opened}
      onClose={close}
      size="lg"
      title={made ? `${made.name} is made` : 'New key'}
      closeOnClickOutside={false}
      closeOnEscape={!made}
      withCloseButton={!made}
      closeButtonProps={{ 'aria-label': 'Close' }}
    >
      {made ? (
        <SecretBox
          secret={made.key}
          label="The key's secret"
          onStored={() => {
            const { id } = made
            close()
            go(`/keys/${id}`)
          }}
        />
      ) : (
        <KeyForm
          first={newDraft()}
          making
          pending={create.isPending}
          error={create.error}
          submitLabel="Make the key"
          onSubmit={submit}
          onCancel={close}
        />
      )}
    </Modal>
  )
}
