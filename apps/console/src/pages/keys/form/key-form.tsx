import { Accordion, Alert, Button, Group, Select, Stack, TagsInput, TextInput } from '@mantine/core'
import { type FormEvent, useState } from 'react'
import { issueAt, toApiError } from '../../../api/error.ts'
import { useSession } from '../../../shell/sign-in/session-context.ts'
import { isKeyType, keyTypes, ownScopes, typeNotes } from '../kinds.ts'
import { DetailFields } from './detail-fields.tsx'
import { draftIssues, type KeyDraft } from './draft.ts'
import { ExpiryField } from './expiry-field.tsx'
import { LimitFields } from './limit-fields.tsx'
import { ReactionFields } from './reaction-fields.tsx'
import { ThresholdFields } from './threshold-fields.tsx'

interface Props {
  first: KeyDraft
  /** The key is new: its type and its owner can be chosen. */
  making?: boolean
  pending: boolean
  error: unknown
  submitLabel: string
  onSubmit: (draft: KeyDraft) => void
  onCancel: () => void
}

/** Everything that can be said about a key; what most keys do without is folded away. */
export function KeyForm({ first, making = false, pending, error, submitLabel, onSubmit, onCancel }: Props) {
  const [draft, setDraft] = useState(first)
  const [tried, setTried] = useState(false)
  const { scopes } = useSession()
  const issues = draftIssues(draft)
  const change = (part: Partial<KeyDraft>) => setDraft((before) => ({ ...before, ...part }))
  const submit = (event: FormEvent) => {
    event.preventDefault()
    setTried(true)
    if (Object.keys(issues).length === 0 && !pending) onSubmit(draft)
  }
  const suggestions = [...new Set([...ownScopes, ...scopes])]
  return (
    <form onSubmit={submit} noValidate>
      <Stack gap="md">
        {making && (
          <Select
            label="Type"
            data={keyTypes}
            value={draft.type}
            onChange={(type) => isKeyType(type) && change({ type })}
            allowDeselect={false}
            description={typeNotes[draft.type]}
            inputWrapperOrder={['label', 'input', 'description', 'error']}
          />
        )}
        <TextInput
          label="Name"
          description="What people call it"
          required
          maxLength={300}
          data-autofocus
          value={draft.name}
          onChange={(event) => change({ name: event.currentTarget.value })}
          error={(tried && issues.name) || issueAt(error, '/name')}
        />
        {making && (
          <TextInput
            label="Owner"
            description="A team or a person, in your own terms"
            maxLength={200}
            value={draft.ownerId}
            onChange={(event) => change({ ownerId: event.currentTarget.value })}
            error={issueAt(error, '/ownerId')}
          />
        )}
        <TagsInput
          label="Scopes"
          description="What it may do. You can give only what your own key holds. Enter adds one"
          data={suggestions}
          value={draft.scopes}
          onChange={(chosen) => change({ scopes: chosen })}
          splitChars={[',', ' ']}
          maxTags={100}
          acceptValueOnBlur
          clearable
          clearButtonProps={{ 'aria-label': 'Take all scopes away' }}
          error={issueAt(error, '/scopes')}
        />
        <ExpiryField
          type={draft.type}
          value={draft.expiresAt}
          onChange={(expiresAt) => change({ expiresAt })}
          error={issueAt(error, '/expiresAt')}
          making={making}
        />
        <Accordion variant="contained" multiple order={3}>
          <Section value="limits" title="Limits and addresses">
            <LimitFields policy={draft.policy} onChange={(policy) => change({ policy })} error={error} />
          </Section>
          <Section value="reactions" title="Rotation, and what happens after an anomaly">
            <ReactionFields policy={draft.policy} onChange={(policy) => change({ policy })} error={error} />
          </Section>
          <Section value="thresholds" title="Thresholds of its own">
            <ThresholdFields policy={draft.policy} onChange={(policy) => change({ policy })} error={error} />
          </Section>
          <Section value="details" title="Metadata and public key">
            <DetailFields
              draft={draft}
              onChange={change}
              error={error}
              metadataIssue={tried ? issues.metadata : undefined}
            />
          </Section>
        </Accordion>
        {error != null && (
          <Alert color="red" variant="light" role="alert" title={toApiError(error).title}>
            {toApiError(error).message}
            {toApiError(error).issues.map(({ pointer, detail }) => (
              <div key={`${pointer} ${detail}`}>
                <span className="mono">{pointer}</span> {detail}
              </div>
            ))}
          </Alert>
        )}
        <Group justify="flex-end" gap="xs">
          <Button variant="default" onClick={onCancel}>
            Cancel
          </Button>
          <Button type="submit" loading={pending}>
            {submitLabel}
          </Button>
        </Group>
      </Stack>
    </form>
  )
}

function Section({ value, title, children }: { value: string; title: string; children: React.ReactNode }) {
  return (
    <Accordion.Item value={value}>
      <Accordion.Control>{title}</Accordion.Control>
      <Accordion.Panel>{children}</Accordion.Panel>
    </Accordion.Item>
  )
}
