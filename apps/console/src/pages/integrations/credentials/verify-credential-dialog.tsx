import { Button, Group, Modal, PasswordInput, Stack, Text } from '@mantine/core'
import { type FormEvent, useState } from 'react'
import { type SystemName, useVerifyCredential } from '../../../api/operation/integrations.ts'
import { StatusBadge } from '../../../parts/badges/status-badge.tsx'
import { FormError } from '../../../parts/dialogs/form-error.tsx'
import { Facts } from '../../../parts/page/facts.tsx'
import { TimeText } from '../../../parts/words/time-text.tsx'
import { systemWords } from '../words.ts'

/** Asks a system about a credential by its value, which is sent and kept nowhere. */
export function VerifyCredentialDialog({ system, onClose }: { system: SystemName; onClose: () => void }) {
  const verify = useVerifyCredential(system)
  const [value, setValue] = useState('')
  const { title, one } = systemWords[system]
  const said = verify.data
  const submit = (event: FormEvent) => {
    event.preventDefault()
    if (value.trim() !== '') verify.mutate(value.trim())
  }
  return (
    <Modal opened onClose={onClose} title={`Verify a ${one} of ${title}`} closeButtonProps={{ 'aria-label': 'Close' }}>
      <form onSubmit={submit}>
        <Stack gap="md">
          <PasswordInput
            label="Value"
            description={`${title} is asked about it; it is kept nowhere.`}
            value={value}
            onChange={(event) => setValue(event.currentTarget.value)}
            autoComplete="off"
            data-autofocus
          />
          <FormError error={verify.error} />
          {said && (
            <div aria-live="polite">
              <Group gap="xs" mb="sm">
                <StatusBadge status={said.outcome} />
                <Text size="sm">{said.detail}</Text>
              </Group>
              <Facts
                rows={[
                  ['Name', said.name ?? undefined],
                  ['Owner', said.owner ?? undefined],
                  ['Scopes', said.scopes?.join(', ')],
                  ['Expires', said.expiresAt ? <TimeText key="expires" at={said.expiresAt} /> : undefined],
                  ['Tracked here', said.tracked ? 'Yes' : 'No'],
                ]}
              />
            </div>
          )}
          <Group justify="flex-end" gap="xs">
            <Button variant="default" onClick={onClose}>
              Close
            </Button>
            <Button type="submit" loading={verify.isPending} disabled={value.trim() === ''}>
              Ask {title}
            </Button>
          </Group>
        </Stack>
      </form>
    </Modal>
  )
}
