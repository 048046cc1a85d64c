import { SegmentedControl, TextInput } from '@mantine/core'
import './time-range.css'

export interface Span {
  /** As `datetime-local` has it, in the reader's own time; '' counts as not chosen. */
  from: string
  to: string
}

const quick = [
  { value: '86400', label: '1 day' },
  { value: '604800', label: '7 days' },
  { value: '2592000', label: '30 days' },
  { value: 'own', label: 'Own' },
]

interface Props {
  /** Seconds back from now, or `own`. */
  choice: string
  span: Span
  onChange: (choice: string, span: Span) => void
}

/** A span of time: the last days, or from one moment to another in the reader's own time. */
export function TimeRange({ choice, span, onChange }: Props) {
  return (
    <div className="time-range">
      <SegmentedControl
        aria-label="Time"
        data={quick}
        value={choice}
        onChange={(next) => onChange(next, next === 'own' && span.from === '' ? lastDays(7) : span)}
      />
      {choice === 'own' && (
        <>
          <TextInput
            type="datetime-local"
            label="From"
            value={span.from}
            onChange={(event) => onChange(choice, { ...span, from: event.currentTarget.value })}
            required
          />
          <TextInput
            type="datetime-local"
            label="To"
            value={span.to}
            onChange={(event) => onChange(choice, { ...span, to: event.currentTarget.value })}
            required
          />
        </>
      )}
    </div>
  )
}

/** The chosen span in UTC; undefined while it is not whole. @param now milliseconds since 1970 */
export function spanOf(choice: string, span: Span, now: number): { from: string; to: string } | undefined {
  if (choice !== 'own')
    return { from: new Date(now - Number(choice) * 1000).toISOString(), to: new Date(now).toISOString() }
  const from = new Date(span.from)
  const to = new Date(span.to)
  if (Number.isNaN(from.getTime()) || Number.isNaN(to.getTime()) || from >= to) return undefined
  return { from: from.toISOString(), to: to.toISOString() }
}

function lastDays(days: number): Span {
  const now = Date.now()
  return { from: local(now - days * 86_400_000), to: local(now) }
}

function local(at: number): string {
  const offset = new Date(at).getTimezoneOffset() * 60_000
  return new Date(at - offset).toISOString().slice(0, 16)
}
