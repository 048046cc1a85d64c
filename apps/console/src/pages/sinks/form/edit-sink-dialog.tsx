import { Button, Checkbox, Group, Modal, Stack, TextInput } from '@mantine/core'
import { type FormEvent, useState } from 'react'
import { type Sink, type UpdateSink, useUpdateSink } from '../../../api/alerts/sinks.ts'
import { issueAt } from '../../../api/error.ts'
import { FormError } from '../../../parts/dialogs/form-error.tsx'
import { toastDone } from '../../../shell/alerts/toast.ts'
import { formOf, isWhole, routingFrom, type SinkForm, targetFrom } from './form-state.ts'
import { RoutingFields } from './routing-fields.tsx'
import { TargetFields } from './target-fields.tsx'

/** Changes a sink. Its target stays unless asked for: what is secret of it would have to be given again. */
export function EditSinkDialog({ sink, onClose }: { sink: Sink; onClose: () => void }) {
  const [form, setForm] = useState<SinkForm>(() => formOf(sink))
  const [retarget, setRetarget] = useState(false)
  const update = useUpdateSink(sink.id)
  const change = (some: Partial<SinkForm>) => setForm((before) => ({ ...before, ...some }))
  const submit = (event: FormEvent) => {
    event.preventDefault()
    const body: UpdateSink = {
      name: form.name.trim(),
      ...routingFrom(form),
      ...(retarget && { target: targetFrom(form) }),
    }
    update.mutate(body, {
      onSuccess: () => {
        toastDone('Saved', form.name)
        onClose()
      },
    })
  }
  return (
    <Modal opened onClose={onClose} title="Change the sink" size="lg" closeButtonProps={{ 'aria-label': 'Close' }}>
      <form onSubmit={submit}>
        <Stack gap="md">
          <TextInput
            label="Name"
            value={form.name}
            onChange={(event) => change({ name: event.currentTarget.value })}
            error={issueAt(update.error, '/name')}
            maxLength={100}
            required
            data-autofocus
          />
          <Checkbox
            label="Send to another target"
            description={sink.kind === 'webhook' ? 'It keeps its signing secret.' : undefined}
            checked={retarget}
            onChange={(event) => setRetarget(event.currentTarget.checked)}
          />
          {retarget && <TargetFields form={form} onChange={change} error={update.error} />}
          <RoutingFields form={form} onChange={change} error={update.error} />
          <FormError error={update.error} />
          <Group justify="flex-end" gap="xs">
            <Button variant="default" onClick={onClose}>
              Cancel
            </Button>
            <Button
              type="submit"
              loading={update.isPending}
              disabled={form.name.trim() === '' || (retarget && !isWhole(form))}
            >
              Save
            </Button>
          </Group>
        </Stack>
      </form>
    </Modal>
  )
}
