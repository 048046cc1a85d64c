import { Alert, Button, Group, Modal, Stack, TextInput } from '@mantine/core'
import { type FormEvent, type ReactNode, useState } from 'react'
import { toApiError } from '../../api/error.ts'

interface Props {
  opened: boolean
  onClose: () => void
  title: string
  /** What will happen, and to whom. */
  children: ReactNode
  /** The button's words: `Revoke the key`. */
  confirmLabel: string
  /** To be typed before the button works, for what cannot be undone. */
  typed?: string
  /** Red for what cannot be undone. */
  danger?: boolean
  pending?: boolean
  error?: unknown
  /** Closes the dialog itself where it succeeded. */
  onConfirm: () => void
}

/** Asks before something happens. The focus stays inside, Escape closes it, and Enter in its field confirms. */
export function ConfirmDialog({ opened, onClose, title, ...rest }: Props) {
  return (
    <Modal opened={opened} onClose={onClose} title={title} closeButtonProps={{ 'aria-label': 'Close' }}>
      <Question onClose={onClose} {...rest} />
    </Modal>
  )
}

function Question(props: Omit<Props, 'opened' | 'title'>) {
  const { onClose, children, confirmLabel, typed, danger = false, pending = false, error, onConfirm } = props
  const [text, setText] = useState('')
  const ready = typed === undefined || text.trim() === typed
  const submit = (event: FormEvent) => {
    event.preventDefault()
    if (ready && !pending) onConfirm()
  }
  return (
    <form onSubmit={submit}>
      <Stack gap="md">
        <div>{children}</div>
        {typed !== undefined && (
          <TextInput
            label={
              <>
                Type <span className="mono">{typed}</span> to confirm
              </>
            }
            value={text}
            onChange={(event) => setText(event.currentTarget.value)}
            autoComplete="off"
            spellCheck={false}
            data-autofocus
          />
        )}
        {error != null && (
          <Alert color="red" variant="light" role="alert" title={toApiError(error).title}>
            {toApiError(error).message}
          </Alert>
        )}
        <Group justify="flex-end" gap="xs">
          <Button variant="default" onClick={onClose}>
            Cancel
          </Button>
          <Button type="submit" loading={pending} disabled={!ready} {...(danger && { color: 'red.8' })}>
            {confirmLabel}
          </Button>
        </Group>
      </Stack>
    </form>
  )
}
