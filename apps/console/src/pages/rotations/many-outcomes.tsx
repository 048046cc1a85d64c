import { Anchor, ScrollArea } from '@mantine/core'
import { Link } from 'wouter'
import { StatusBadge } from '../../parts/badges/status-badge.tsx'
import type { ManyOutcome } from './use-rotate-many.ts'
import './one/rotation-page.css'

interface Props {
  outcomes: readonly ManyOutcome[]
  names: ReadonlyMap<string, string>
}

/** What came of each key. */
export function ManyOutcomes({ outcomes, names }: Props) {
  return (
    <ScrollArea.Autosize mah={280}>
      <ul className="outcomes">
        {outcomes.map(({ keyId, rotationId, error }) => (
          <li key={keyId}>
            <span className="outcomes-name">
              {rotationId ? (
                <Anchor component={Link} href={`/rotations/${rotationId}`} inherit>
                  {names.get(keyId) ?? keyId}
                </Anchor>
              ) : (
                (names.get(keyId) ?? keyId)
              )}
              {error && <span className="outcomes-error">{error}</span>}
            </span>
            <StatusBadge status={rotationId ? 'queued' : 'failed'} label={rotationId ? 'queued' : 'refused'} />
          </li>
        ))}
      </ul>
    </ScrollArea.Autosize>
  )
}
