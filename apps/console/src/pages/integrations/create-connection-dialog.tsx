import { Button, Group, Modal, PasswordInput, Select, Stack, Text, TextInput } from '@mantine/core'
import { type FormEvent, useState } from 'react'
import { issueAt } from '../../api/error.ts'
import { type Integration, type SystemName, useCreateConnection } from '../../api/operation/integrations.ts'
import { FormError } from '../../parts/dialogs/form-error.tsx'
import { toastDone } from '../../shell/alerts/toast.ts'
import { isSystemName, systemWords } from './words.ts'

/** Stores an account on another system, which it signs in to first. */
export function CreateConnectionDialog({ systems, onClose }: { systems: readonly Integration[]; onClose: () => void }) {
  const configured = systems.filter(({ server, system }) => server !== null && isSystemName(system))
  const create = useCreateConnection()
  const [system, setSystem] = useState<SystemName>(
    configured.map(({ system: name }) => name).find(isSystemName) ?? 'gitea',
  )
  const [name, setName] = useState('')
  const [user, setUser] = useState('')
  const [password, setPassword] = useState('')
  const { user: userWords } = systemWords[system]
  const submit = (event: FormEvent) => {
    event.preventDefault()
    create.mutate(
      { system, name: name.trim(), credentials: { [userWords.field]: user.trim(), password } },
      {
        onSuccess: ({ account }) => {
          toastDone('The connection is stored', account)
          onClose()
        },
        onError: () => setPassword(''),
      },
    )
  }
  return (
    <Modal opened onClose={onClose} title="New connection" closeButtonProps={{ 'aria-label': 'Close' }}>
      {configured.length === 0 ? (
        <Text size="sm">No system is configured: set GITEA_URL or N8N_URL first.</Text>
      ) : (
        <form onSubmit={submit}>
          <Stack gap="md">
            <Text size="sm">
              Momentry signs in with it first. It is sealed under the master key, and never shown again.
            </Text>
            <Select
              label="System"
              data={configured.map(({ system: value, title }) => ({ value, label: title }))}
              value={system}
              onChange={(value) => value && isSystemName(value) && setSystem(value)}
              allowDeselect={false}
            />
            <TextInput
              label="Name"
              placeholder="ci account"
              value={name}
              onChange={(event) => setName(event.currentTarget.value)}
              error={issueAt(create.error, '/name')}
              maxLength={100}
              required
              data-autofocus
            />
            <TextInput
              label={userWords.label}
              value={user}
              onChange={(event) => setUser(event.currentTarget.value)}
              error={issueAt(create.error, `/credentials/${userWords.field}`)}
              autoComplete="off"
              required
            />
            <PasswordInput
              label="Password"
              value={password}
              onChange={(event) => setPassword(event.currentTarget.value)}
              error={issueAt(create.error, '/credentials/password')}
              autoComplete="off"
              required
            />
            <FormError error={create.error} />
            <Group justify="flex-end" gap="xs">
              <Button variant="default" onClick={onClose}>
                Cancel
              </Button>
              <Button type="submit" loading={create.isPending} disabled={!name.trim() || !user.trim() || !password}>
                Sign in and store
              </Button>
            </Group>
          </Stack>
        </form>
      )}
    </Modal>
  )
}
