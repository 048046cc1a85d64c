import { Stack, Textarea } from '@mantine/core'
import { issueAt } from '../../../api/error.ts'
import type { KeyDraft } from './draft.ts'

interface Props {
  draft: KeyDraft
  onChange: (part: Partial<KeyDraft>) => void
  error: unknown
  metadataIssue: string | undefined
}

/** What few keys have. */
export function DetailFields({ draft, onChange, error, metadataIssue }: Props) {
  return (
    <Stack gap="md">
      <Textarea
        label="Metadata"
        description="Your own data as a JSON object, 8 KiB at the most. Who validates the key gets it"
        placeholder={'{ "team": "payments" }'}
        autosize
        minRows={3}
        maxRows={12}
        spellCheck={false}
        classNames={{ input: 'mono' }}
        value={draft.metadata}
        onChange={(event) => onChange({ metadata: event.currentTarget.value })}
        error={metadataIssue ?? issueAt(error, '/metadata')}
      />
      <Textarea
        label="Public key"
        description="With one, successors are handed over encrypted"
        autosize
        minRows={2}
        maxRows={10}
        spellCheck={false}
        classNames={{ input: 'mono' }}
        value={draft.publicKey}
        onChange={(event) => onChange({ publicKey: event.currentTarget.value })}
        error={issueAt(error, '/publicKey')}
      />
    </Stack>
  )
}
