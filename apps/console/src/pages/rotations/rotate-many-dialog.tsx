import { Button, Checkbox, Group, Modal, Progress, Stack, Text, TextInput } from '@mantine/core'
import { type FormEvent, useState } from 'react'
import { KeysPicker } from '../../parts/pickers/keys-picker.tsx'
import { ManyOutcomes } from './many-outcomes.tsx'
import { useRotateMany } from './use-rotate-many.ts'

/** Rotates many keys at once: choose, say why, watch each being queued. */
export function RotateManyDialog({ onClose }: { onClose: () => void }) {
  const [ids, setIds] = useState<string[]>([])
  const [names, setNames] = useState<ReadonlyMap<string, string>>(new Map())
  const [reason, setReason] = useState('')
  const [forced, setForced] = useState(false)
  const [typed, setTyped] = useState('')
  const { outcomes, state, run, stop } = useRotateMany()
  const words = `rotate ${ids.length}`
  const ready = ids.length > 0 && (!forced || typed.trim() === words)
  const submit = (event: FormEvent) => {
    event.preventDefault()
    if (ready) void run(ids, { forced, ...(reason.trim() && { reason: reason.trim() }) })
  }
  return (
    <Modal
      opened
      onClose={state === 'running' ? () => {} : onClose}
      title="Rotate keys"
      size="lg"
      closeButtonProps={{ 'aria-label': 'Close', disabled: state === 'running' }}
    >
      {state === 'idle' ? (
        <form onSubmit={submit}>
          <Stack gap="md">
            <KeysPicker
              label="Keys"
              value={ids}
              onChange={(chosen, known) => {
                setIds(chosen)
                setNames(new Map(known))
              }}
            />
            <TextInput
              label="Reason"
              placeholder="Optional"
              value={reason}
              onChange={(event) => setReason(event.currentTarget.value)}
              maxLength={500}
            />
            <Checkbox
              label="Force: no grace"
              description="Their secrets stop validating at once, and no holder can claim the next one."
              checked={forced}
              onChange={(event) => setForced(event.currentTarget.checked)}
            />
            {forced && ids.length > 0 && (
              <TextInput
                label={
                  <>
                    Type <span className="mono">{words}</span> to confirm
                  </>
                }
                value={typed}
                onChange={(event) => setTyped(event.currentTarget.value)}
                autoComplete="off"
                spellCheck={false}
              />
            )}
            <Group justify="flex-end" gap="xs">
              <Button variant="default" onClick={onClose}>
                Cancel
              </Button>
              <Button type="submit" disabled={!ready} {...(forced && { color: 'red.8' })}>
                {ids.length > 1 ? `Rotate ${ids.length} keys` : 'Rotate'}
              </Button>
            </Group>
          </Stack>
        </form>
      ) : (
        <Stack gap="md">
          <Text size="sm" role="status">
            {outcomes.length} of {ids.length} asked for, {outcomes.filter(({ error }) => error).length} refused
          </Text>
          <Progress value={(outcomes.length / ids.length) * 100} aria-label="Keys asked for" />
          <ManyOutcomes outcomes={outcomes} names={names} />
          <Group justify="flex-end">
            {state === 'running' ? (
              <Button variant="default" onClick={stop}>
                Stop
              </Button>
            ) : (
              <Button onClick={onClose} data-autofocus>
                Done
              </Button>
            )}
          </Group>
        </Stack>
      )}
    </Modal>
  )
}
