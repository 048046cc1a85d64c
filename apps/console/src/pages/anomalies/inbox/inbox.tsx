import { Button, Group, Kbd, Text } from '@mantine/core'
import { BellRing } from 'lucide-react'
import { useRef } from 'react'
import type { Anomaly, AnomalyFilters } from '../../../api/alerts/anomalies.ts'
import { useAnomalies } from '../../../api/alerts/anomalies.ts'
import { EmptyState } from '../../../parts/states/empty-state.tsx'
import { ErrorState } from '../../../parts/states/error-state.tsx'
import { Loading } from '../../../parts/states/loading.tsx'
import { useMay } from '../../../shell/sign-in/session-context.ts'
import { InboxRow } from './inbox-row.tsx'
import { useAnomalyActions } from './use-anomaly-actions.tsx'
import { useInboxKeys } from './use-inbox-keys.ts'
import './inbox.css'

const none: readonly Anomaly[] = []

/** The anomalies that filters leave, the newest first; the stream of alerts brings new ones by itself. */
export function Inbox({ filters, filtered }: { filters: AnomalyFilters; filtered: boolean }) {
  const { rows, error, onRetry, hasMore, loadingMore, onMore } = useAnomalies(filters)
  const actions = useAnomalyActions()
  const list = useRef<HTMLUListElement>(null)
  const settles = useMay('anomalies:write')
  useInboxKeys(list, rows ?? none, actions.act)

  if (error && !rows) return <ErrorState error={error} onRetry={onRetry} />
  if (!rows) return <Loading lines={8} height={44} />
  if (rows.length === 0)
    return (
      <div className="card">
        <EmptyState
          Icon={BellRing}
          title={filtered ? 'Nothing is left by these filters' : 'Nothing is open'}
          text={
            filtered
              ? 'Take one of them away to see more.'
              : 'Detection runs on all reported usage. What it finds appears here the moment it is found.'
          }
        />
      </div>
    )
  return (
    <>
      <div className="inbox-hints">
        <span>
          <Kbd size="xs">j</Kbd> <Kbd size="xs">k</Kbd> down, up
        </span>
        <span>
          <Kbd size="xs">Enter</Kbd> open
        </span>
        {settles && (
          <span>
            <Kbd size="xs">a</Kbd> acknowledge <Kbd size="xs">r</Kbd> resolve <Kbd size="xs">m</Kbd> mute
          </span>
        )}
      </div>
      <ul className="inbox" ref={list} aria-label="Anomalies">
        {rows.map((anomaly) => (
          <InboxRow key={anomaly.id} anomaly={anomaly} actions={actions} />
        ))}
      </ul>
      <Group justify="space-between">
        <Text size="xs" c="dimmed" role="status">
          {rows.length} {rows.length === 1 ? 'anomaly' : 'anomalies'}
          {hasMore && ' so far'}
        </Text>
        {hasMore && (
          <Button variant="default" loading={loadingMore} onClick={() => onMore()}>
            Show more
          </Button>
        )}
      </Group>
      {error && <ErrorState error={error} onRetry={onRetry} />}
      {actions.dialog}
    </>
  )
}
