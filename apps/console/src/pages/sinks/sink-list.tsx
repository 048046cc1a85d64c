import { Send } from 'lucide-react'
import type { ReactNode } from 'react'
import { type Sink, useSinks } from '../../api/alerts/sinks.ts'
import { StatusBadge } from '../../parts/badges/status-badge.tsx'
import { EmptyState } from '../../parts/states/empty-state.tsx'
import { type Column, DataTable } from '../../parts/tables/data-table.tsx'
import { TimeText } from '../../parts/words/time-text.tsx'
import { routingOf, sinkKinds, targetOf } from './form/kinds.ts'

const columns: readonly Column<Sink>[] = [
  { id: 'name', header: 'Name', cell: ({ name }) => <span title={name}>{name}</span>, sortBy: ({ name }) => name },
  {
    id: 'kind',
    header: 'Kind',
    cell: ({ kind }) => sinkKinds[kind].title,
    sortBy: ({ kind }) => sinkKinds[kind].title,
    width: '110px',
  },
  {
    id: 'state',
    header: 'State',
    cell: ({ state, stateReason }) => (
      <span title={stateReason ?? undefined}>
        <StatusBadge status={state} />
      </span>
    ),
    sortBy: ({ state }) => state,
    width: '110px',
  },
  {
    id: 'target',
    header: 'Sends to',
    cell: (sink) => <span title={targetOf(sink)}>{targetOf(sink)}</span>,
    from: 'tablet',
  },
  { id: 'routing', header: 'Takes', cell: routingOf, from: 'desktop' },
  {
    id: 'created',
    header: 'Made',
    cell: ({ createdAt }) => <TimeText at={createdAt} as="distance" />,
    sortBy: ({ createdAt }) => createdAt,
    width: '130px',
    align: 'end',
    from: 'desktop',
  },
]

/** Every sink. */
export function SinkList({ create }: { create: ReactNode }) {
  const list = useSinks()
  return (
    <DataTable
      label="Alert sinks"
      columns={columns}
      {...list}
      rowId={({ id }) => id}
      href={({ id }) => `/sinks/${id}`}
      empty={
        <div className="card">
          <EmptyState
            Icon={Send}
            title="Nobody is told yet"
            text="Alerts are listed here and published on the channel. A sink brings them to people and to other systems."
          >
            {create}
          </EmptyState>
        </div>
      }
    />
  )
}
