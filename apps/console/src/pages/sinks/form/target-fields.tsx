import { PasswordInput, TagsInput, TextInput } from '@mantine/core'
import { issueAt } from '../../../api/error.ts'
import type { SinkForm } from './form-state.ts'

interface Props {
  form: SinkForm
  onChange: (change: Partial<SinkForm>) => void
  error: unknown
}

/** Where a sink sends: the fields of its kind. */
export function TargetFields({ form, onChange, error }: Props) {
  const { kind } = form
  if (kind === 'email')
    return (
      <TagsInput
        label="Addresses"
        description="Enter after each; up to 20."
        placeholder={form.to.length === 0 ? 'on-call@example.com' : ''}
        value={form.to}
        onChange={(to) => onChange({ to })}
        maxTags={20}
        splitChars={[',', ' ', ';']}
        acceptValueOnBlur
        error={issueAt(error, '/target/to')}
        required
      />
    )
  if (kind === 'pagerduty')
    return (
      <>
        <PasswordInput
          label="Routing key"
          description="Of an Events API v2 integration; it is sealed, and not shown again."
          value={form.routingKey}
          onChange={(event) => onChange({ routingKey: event.currentTarget.value })}
          error={issueAt(error, '/target/routingKey')}
          autoComplete="off"
          required
        />
        <TextInput
          label="URL"
          description="Only where it is not PagerDuty's own, as in the EU."
          placeholder="https://events.eu.pagerduty.com/v2/enqueue"
          value={form.url}
          onChange={(event) => onChange({ url: event.currentTarget.value })}
          error={issueAt(error, '/target/url')}
        />
      </>
    )
  const slack = kind === 'slack'
  return (
    <TextInput
      label={slack ? 'URL of the incoming webhook' : 'URL'}
      description={
        slack
          ? 'It is the secret: it is sealed, and not shown again.'
          : 'Messages are signed with a secret that Momentry makes and shows once.'
      }
      placeholder={slack ? 'https://hooks.slack.com/services/…' : 'https://hooks.example.com/momentry'}
      type="url"
      value={form.url}
      onChange={(event) => onChange({ url: event.currentTarget.value })}
      error={issueAt(error, '/target/url')}
      autoComplete="off"
      spellCheck={false}
      required
    />
  )
}
