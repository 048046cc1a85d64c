import { Button, Group, Modal, Radio, Stack, TextInput } from '@mantine/core'
import { type FormEvent, useState } from 'react'
import { useLocation } from 'wouter'
import { type SinkKind, useCreateSink } from '../../../api/alerts/sinks.ts'
import { issueAt } from '../../../api/error.ts'
import { FormError } from '../../../parts/dialogs/form-error.tsx'
import { SecretBox } from '../../../parts/dialogs/secret-box.tsx'
import { toastDone } from '../../../shell/alerts/toast.ts'
import { emptyForm, isWhole, routingFrom, type SinkForm, targetFrom } from './form-state.ts'
import { sinkKinds } from './kinds.ts'
import { RoutingFields } from './routing-fields.tsx'
import { TargetFields } from './target-fields.tsx'
import '../sinks.css'

/** Makes a sink; the secret of a webhook is shown once, before its page. */
export function CreateSinkDialog({ onClose }: { onClose: () => void }) {
  const [form, setForm] = useState<SinkForm>(emptyForm)
  const [, go] = useLocation()
  const create = useCreateSink()
  const change = (some: Partial<SinkForm>) => setForm((before) => ({ ...before, ...some }))
  const open = (id: string) => {
    onClose()
    go(`/sinks/${id}`)
  }
  const submit = (event: FormEvent) => {
    event.preventDefault()
    create.mutate(
      { name: form.name.trim(), target: targetFrom(form), ...routingFrom(form) },
      {
        onSuccess: ({ id, name, secret }) => {
          toastDone('The sink is made', name)
          if (!secret) open(id)
        },
      },
    )
  }
  const made = create.data
  return (
    <Modal
      opened
      onClose={made ? () => {} : onClose}
      title={made ? `The secret of ${made.name}` : 'New sink'}
      size="lg"
      closeButtonProps={{ 'aria-label': 'Close', disabled: Boolean(made) }}
    >
      {made?.secret ? (
        <SecretBox secret={made.secret} label="Signing secret" onStored={() => open(made.id)} />
      ) : (
        <form onSubmit={submit}>
          <Stack gap="md">
            <Radio.Group
              label="Kind"
              value={form.kind}
              onChange={(kind) => change({ kind: kind as SinkKind, url: '' })}
            >
              <div className="sink-kinds">
                {Object.entries(sinkKinds).map(([kind, { title, about, Icon }]) => (
                  <Radio.Card key={kind} value={kind} className="sink-kind">
                    <Icon size={18} aria-hidden="true" />
                    <span>
                      <span className="sink-kind-title">{title}</span>
                      <span className="sink-kind-about">{about}</span>
                    </span>
                  </Radio.Card>
                ))}
              </div>
            </Radio.Group>
            <TextInput
              label="Name"
              placeholder="on call"
              value={form.name}
              onChange={(event) => change({ name: event.currentTarget.value })}
              error={issueAt(create.error, '/name')}
              maxLength={100}
              required
              data-autofocus
            />
            <TargetFields form={form} onChange={change} error={create.error} />
            <RoutingFields form={form} onChange={change} error={create.error} />
            <FormError error={create.error} />
            <Group justify="flex-end" gap="xs">
              <Button variant="default" onClick={onClose}>
                Cancel
              </Button>
              <Button type="submit" loading={create.isPending} disabled={!isWhole(form)}>
                Make the sink
              </Button>
            </Group>
          </Stack>
        </form>
      )}
    </Modal>
  )
}
