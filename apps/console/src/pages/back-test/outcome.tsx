import { Alert, Text } from '@mantine/core'
import { useEffect, useRef } from 'react'
import type { BackTestResult } from '../../api/alerts/back-test.ts'
import { Card } from '../../parts/page/card.tsx'
import { EmptyState } from '../../parts/states/empty-state.tsx'
import { formatNumber } from '../../parts/words/format.ts'
import { FoundTable } from './found-table.tsx'
import { FoundTimeline } from './found-timeline.tsx'
import { PerRule } from './per-rule.tsx'
import './outcome.css'

/** What a run found, beside what was found live. */
export function Outcome({ result }: { result: BackTestResult }) {
  const { anomalies, truncated, notes, keys, durationMs } = result
  const top = useRef<HTMLDivElement>(null)
  // biome-ignore lint/correctness/useExhaustiveDependencies: each new result is brought into view
  useEffect(() => {
    top.current?.focus({ preventScroll: true })
    top.current?.scrollIntoView({ block: 'start' })
  }, [result])
  return (
    <>
      <div ref={top} tabIndex={-1} className="outcome-top" />
      {truncated && (
        <Alert color="yellow" variant="light" title="This is not all">
          There was more than one run takes. Choose a shorter time or fewer keys; the notes say what was left out.
        </Alert>
      )}
      <Card
        title="What would have fired against what did"
        description={`${formatNumber(keys.examined)} ${keys.examined === 1 ? 'key' : 'keys'} examined in ${formatNumber(durationMs)} ms${
          keys.withOwnThresholds > 0
            ? `; ${formatNumber(keys.withOwnThresholds)} of them by thresholds of their own, which they keep`
            : ''
        }.`}
      >
        <PerRule result={result} />
        {anomalies.length > 0 && <FoundTimeline result={result} />}
        {notes.length > 0 && (
          <div>
            <Text size="sm" fw={550} mt="md">
              What stored usage cannot show
            </Text>
            <ul className="outcome-notes">
              {notes.map((note) => (
                <li key={note}>{note}</li>
              ))}
            </ul>
          </div>
        )}
      </Card>
      <Card title="Anomalies it would have found" flush>
        {anomalies.length === 0 ? (
          <EmptyState title="None" text="With these thresholds nothing in this time would have fired." />
        ) : (
          <FoundTable result={result} />
        )}
      </Card>
    </>
  )
}
