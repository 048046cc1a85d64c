import { useKeySummary } from '../../api/keys/keys.ts'
import { useSystemInfo } from '../../api/operation/system-info.ts'
import { useAnomalySummary } from '../../api/usage/overview.ts'
import { StatTile } from '../../parts/page/stat-tile.tsx'
import { NumberText } from '../../parts/words/number-text.tsx'

/** From so many seconds on, figures are older than people expect. */
const longLagSeconds = 30

export function KeysTile() {
  const query = useKeySummary()
  const { data } = query
  return (
    <StatTile
      label="Active keys"
      href="/keys?status=active"
      value={failed(query) ?? (data && <NumberText value={data.byStatus.active} as="short" />)}
      note={data && <NumberText value={data.total} unit="keys in all" />}
    />
  )
}

export function AnomaliesTile() {
  const query = useAnomalySummary(true)
  const { low = 0, medium = 0, high = 0, critical = 0 } = query.data?.open ?? {}
  const grave = high + critical
  return (
    <StatTile
      label="Open anomalies"
      href="/anomalies?state=open"
      value={failed(query) ?? (query.data && <NumberText value={low + medium + grave} />)}
      note={query.data && (grave > 0 ? `${grave} high or critical` : 'none is high or critical')}
      {...(grave > 0 && { tone: 'high' })}
    />
  )
}

export function LagTile() {
  const query = useSystemInfo(true)
  const { processes = [], streams = [] } = query.data ?? {}
  const lag = Math.max(0, ...streams.map(({ lagSeconds }) => lagSeconds))
  const unseen = processes.filter(({ healthy }) => !healthy).length
  return (
    <StatTile
      label="Behind by"
      value={failed(query) ?? (query.data && <NumberText value={lag} as="seconds" />)}
      note={
        query.data && (unseen === 0 ? 'all processes are well' : `not seen: ${unseen} of ${processes.length} processes`)
      }
      {...((unseen > 0 || lag > longLagSeconds) && { tone: 'bad' })}
    />
  )
}

/** A dash where there is no figure and none is coming. */
function failed({ data, error }: { data: unknown; error: unknown }): string | undefined {
  return data === undefined && error ? '–' : undefined
}
