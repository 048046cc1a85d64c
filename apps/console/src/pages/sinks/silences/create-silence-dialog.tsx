import { Button, Group, Modal, NumberInput, SegmentedControl, Select, Stack, Text, TextInput } from '@mantine/core'
import { type FormEvent, useState } from 'react'
import { type CreateSilence, useCreateSilence } from '../../../api/alerts/silences.ts'
import { issueAt } from '../../../api/error.ts'
import { FormError } from '../../../parts/dialogs/form-error.tsx'
import { muteChoices } from '../../../parts/pickers/choices.ts'
import { KeyPicker } from '../../../parts/pickers/key-picker.tsx'
import { ruleOptions } from '../../../parts/words/rule-name.ts'
import { toastDone } from '../../../shell/alerts/toast.ts'
import { alertTypes } from '../form/alert-types.ts'

const choices = [...muteChoices.map((choice) => ({ ...choice })), { value: 'own', label: 'Own' }]

/** Keeps matching alerts from sinks for a time. */
export function CreateSilenceDialog({ onClose }: { onClose: () => void }) {
  const create = useCreateSilence()
  const [keyId, setKeyId] = useState('')
  const [rule, setRule] = useState<string | null>(null)
  const [type, setType] = useState<string | null>(null)
  const [owner, setOwner] = useState('')
  const [reason, setReason] = useState('')
  const [choice, setChoice] = useState('14400')
  const [hours, setHours] = useState(12)
  const ready = keyId !== '' || rule !== null || type !== null || owner.trim() !== ''
  const submit = (event: FormEvent) => {
    event.preventDefault()
    const body = {
      forSeconds: choice === 'own' ? Math.round(hours * 3600) : Number(choice),
      ...(keyId && { keyId }),
      ...(rule && { rule }),
      ...(type && { type }),
      ...(owner.trim() && { owner: owner.trim() }),
      ...(reason.trim() && { reason: reason.trim() }),
    } as CreateSilence
    create.mutate(body, {
      onSuccess: () => {
        toastDone('Silenced')
        onClose()
      },
    })
  }
  return (
    <Modal opened onClose={onClose} title="New silence" size="lg" closeButtonProps={{ 'aria-label': 'Close' }}>
      <form onSubmit={submit}>
        <Stack gap="md">
          <Text size="sm">
            An alert that matches all of these reaches no sink. It is logged and listed all the same, and not sent
            afterwards.
          </Text>
          <KeyPicker label="Key" value={keyId} onChange={setKeyId} width="100%" placeholder="Any" />
          <Select
            label="Rule"
            placeholder="Any"
            data={ruleOptions}
            value={rule}
            onChange={setRule}
            clearable
            clearButtonProps={{ 'aria-label': 'Any rule' }}
          />
          <Select
            label="Kind of alert"
            placeholder="Any"
            data={alertTypes}
            value={type}
            onChange={setType}
            searchable
            clearable
            clearButtonProps={{ 'aria-label': 'Any kind of alert' }}
          />
          <TextInput
            label="Owner of the key"
            placeholder="Any"
            value={owner}
            onChange={(event) => setOwner(event.currentTarget.value)}
            maxLength={200}
          />
          <div>
            <Text size="sm" fw={500} mb={4}>
              For how long
            </Text>
            <SegmentedControl fullWidth aria-label="For how long" data={choices} value={choice} onChange={setChoice} />
          </div>
          {choice === 'own' && (
            <NumberInput
              label="Hours"
              value={hours}
              onChange={(value) => typeof value === 'number' && setHours(value)}
              suffix=" hours"
              min={0.1}
              max={8760}
              decimalScale={1}
              error={issueAt(create.error, '/forSeconds')}
            />
          )}
          <TextInput
            label="Reason"
            placeholder="Load test until noon"
            value={reason}
            onChange={(event) => setReason(event.currentTarget.value)}
            maxLength={500}
          />
          <FormError error={create.error} />
          <Group justify="flex-end" gap="xs">
            <Button variant="default" onClick={onClose}>
              Cancel
            </Button>
            <Button type="submit" loading={create.isPending} disabled={!ready}>
              Silence
            </Button>
          </Group>
        </Stack>
      </form>
    </Modal>
  )
}
