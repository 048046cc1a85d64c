import type { components } from '../../api/schema.d.ts'
import { type Span, spans } from '../../api/usage/span.ts'
import { StatTile } from '../../parts/page/stat-tile.tsx'
import { NumberText } from '../../parts/words/number-text.tsx'
import { AnomaliesTile, KeysTile, LagTile } from './state-tiles.tsx'

interface Props {
  span: Span
  stats: components['schemas']['Stats'] | undefined
  anomalies: boolean
  system: boolean
}

/** More errors than that are worth a colour. */
const badShare = 0.25

/** The figures that are looked at first. */
export function Tiles({ span, stats, anomalies, system }: Props) {
  const within = `in ${spans[span].label}`
  const totals = stats?.totals
  const share = totals && totals.requests > 0 ? totals.errors / totals.requests : 0
  return (
    <div className="stat-row">
      <StatTile label="Requests" value={totals && <NumberText value={totals.requests} as="short" />} note={within} />
      <StatTile
        label="Errors"
        value={totals && <NumberText value={share} as="share" />}
        note={totals && <NumberText value={totals.errors} unit={`of them ${within}`} as="short" />}
        {...(share > badShare && { tone: 'bad' })}
      />
      <KeysTile />
      {anomalies && <AnomaliesTile />}
      {system && <LagTile />}
    </div>
  )
}
