import { Button, Group, Modal, NumberInput, Select, Stack, TagsInput, Text, TextInput } from '@mantine/core'
import { type FormEvent, useState } from 'react'
import { issueAt } from '../../../api/error.ts'
import {
  type Integration,
  type SystemName,
  useConnections,
  useCreateCredential,
} from '../../../api/operation/integrations.ts'
import { FormError } from '../../../parts/dialogs/form-error.tsx'
import { SecretBox } from '../../../parts/dialogs/secret-box.tsx'
import { systemWords } from '../words.ts'

interface Props {
  system: SystemName
  systems: readonly Integration[]
  onClose: () => void
}

const daySeconds = 86_400

/** Makes a credential at a system by one of its connections; its value is shown once. */
export function CreateCredentialDialog({ system, systems, onClose }: Props) {
  const create = useCreateCredential(system)
  const connections = useConnections(system)
  const [name, setName] = useState('')
  const [username, setUsername] = useState('')
  const [scopes, setScopes] = useState<string[]>([])
  const [expiry, setExpiry] = useState('')
  const [everyDays, setEveryDays] = useState<number | ''>('')
  const [chosen, setConnection] = useState<string | null>(null)
  const connectionId = chosen ?? connections.rows?.[0]?.id
  const { title, one, scopes: known } = systemWords[system]
  const actsForOthers = systems.find((each) => each.system === system)?.capabilities?.actsForOthers ?? false
  const submit = (event: FormEvent) => {
    event.preventDefault()
    if (!connectionId) return
    create.mutate({
      name: name.trim(),
      scopes,
      expiresAt: expiry ? new Date(expiry).toISOString() : null,
      connectionId,
      ...(everyDays !== '' && { policy: { intervalSeconds: Math.round(everyDays * daySeconds) } }),
      ...(username.trim() && { username: username.trim() }),
    })
  }
  const made = create.data
  return (
    <Modal
      opened
      onClose={made ? () => {} : onClose}
      title={made ? made.name : `New ${one} at ${title}`}
      closeButtonProps={{ 'aria-label': 'Close', disabled: Boolean(made) }}
    >
      {made && <SecretBox secret={made.key} label={`The ${one}`} onStored={onClose} />}
      {!made && connections.rows?.length === 0 && (
        <Text size="sm">Store a connection to {title} first: Momentry acts by it, now and at each rotation.</Text>
      )}
      {!made && connections.rows?.length !== 0 && (
        <form onSubmit={submit}>
          <Stack gap="md">
            <Select
              label="Connection"
              data={(connections.rows ?? []).map(({ id, name: label }) => ({ value: id, label }))}
              value={connectionId ?? null}
              onChange={setConnection}
              error={connections.error?.message}
              allowDeselect={false}
            />
            <TextInput
              label="Name"
              value={name}
              onChange={(event) => setName(event.currentTarget.value)}
              error={issueAt(create.error, '/name') ?? issueAt(create.error, '/label')}
              required
              data-autofocus
            />
            {actsForOthers && system === 'gitea' && (
              <TextInput
                label="For the user"
                description="Empty: the account of the connection."
                value={username}
                onChange={(event) => setUsername(event.currentTarget.value)}
                error={issueAt(create.error, '/username')}
              />
            )}
            <TagsInput
              label="Scopes"
              description={`In the words of ${title}; Enter after each.`}
              data={[...known]}
              value={scopes}
              onChange={setScopes}
              error={issueAt(create.error, '/scopes')}
              acceptValueOnBlur
              maxDropdownHeight={220}
              required
            />
            <TextInput
              type="datetime-local"
              label="Expires"
              description="Empty: never."
              value={expiry}
              onChange={(event) => setExpiry(event.currentTarget.value)}
              error={issueAt(create.error, '/expiresAt')}
            />
            <NumberInput
              label="Rotate every"
              placeholder="By hand"
              value={everyDays}
              onChange={(value) => setEveryDays(typeof value === 'number' ? value : '')}
              suffix=" days"
              min={0.01}
              max={3650}
              error={issueAt(create.error, '/policy')}
            />
            <FormError error={create.error} />
            <Group justify="flex-end" gap="xs">
              <Button variant="default" onClick={onClose}>
                Cancel
              </Button>
              <Button
                type="submit"
                loading={create.isPending}
                disabled={!name.trim() || scopes.length === 0 || !connectionId}
              >
                Make it
              </Button>
            </Group>
          </Stack>
        </form>
      )}
    </Modal>
  )
}
