import { Group, Select, TextInput } from '@mantine/core'
import { useState } from 'react'
import type { KeyType } from '../kinds.ts'

const day = 86_400

/** Spans that people ask for, in seconds as text. */
const choices = [
  { value: String(day), label: 'In 1 day' },
  { value: String(7 * day), label: 'In 7 days' },
  { value: String(30 * day), label: 'In 30 days' },
  { value: String(90 * day), label: 'In 90 days' },
  { value: String(365 * day), label: 'In 1 year' },
  { value: 'at', label: 'At a time' },
]
const never = { value: 'never', label: 'Never' }
const usual = { value: 'usual', label: 'In 24 hours, as its type has it' }
/** An emergency key lives 72 hours at the most. */
const short = [usual, { value: String(3 * day - 60), label: 'In 72 hours' }, { value: 'at', label: 'At a time' }]

interface Props {
  type: KeyType
  value: string | null | undefined
  onChange: (at: string | null | undefined) => void
  error: string | undefined
  making: boolean
}

/** When a key ends: never, after a span, or at a moment of the reader's own clock. */
export function ExpiryField({ type, value, onChange, error, making }: Props) {
  const [choice, setChoice] = useState(value ? 'at' : making ? undefined : 'never')
  const emergency = type === 'emergency'
  const first = emergency && making ? 'usual' : 'never'
  const options = emergency ? (making ? short : short.slice(2)) : [never, ...choices]
  const chosen = options.some((option) => option.value === choice) ? choice : first
  const choose = (next: string | null) => {
    setChoice(next ?? undefined)
    if (next === 'never') onChange(null)
    else if (next === 'usual') onChange(undefined)
    else if (next !== null && next !== 'at') onChange(new Date(Date.now() + Number(next) * 1000).toISOString())
  }
  return (
    <Group align="flex-end" gap="sm">
      <Select
        label="Expires"
        data={options}
        value={chosen ?? first}
        onChange={choose}
        allowDeselect={false}
        flex="1 1 12rem"
        error={error}
      />
      {chosen === 'at' && (
        <TextInput
          type="datetime-local"
          label="Time, on your own clock"
          value={value ? toLocal(value) : ''}
          onChange={(event) => {
            const at = new Date(event.currentTarget.value)
            onChange(Number.isNaN(at.getTime()) ? undefined : at.toISOString())
          }}
          flex="1 1 12rem"
        />
      )}
    </Group>
  )
}

/** As the browser's own field wants it: local, to the minute. */
function toLocal(at: string): string {
  const date = new Date(at)
  return new Date(date.getTime() - date.getTimezoneOffset() * 60_000).toISOString().slice(0, 16)
}
