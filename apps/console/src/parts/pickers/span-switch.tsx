import { SegmentedControl } from '@mantine/core'
import { type Span, spans } from '../../api/usage/span.ts'

const isSpan = (text: string): text is Span => text in spans

/** The span that an address asks for, or the usual one. */
export const readSpan = (text: string): Span => (isSpan(text) ? text : '24h')

/** How far back the charts of a page look. */
export function SpanSwitch({ value, onChange }: { value: Span; onChange: (span: Span) => void }) {
  return (
    <SegmentedControl
      size="xs"
      aria-label="How far back"
      value={value}
      onChange={(chosen) => onChange(readSpan(chosen))}
      data={Object.entries(spans).map(([span, { label }]) => ({ value: span, label }))}
    />
  )
}
