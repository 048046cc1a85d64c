import { Button } from '@mantine/core'
import { BellOff } from 'lucide-react'
import { type ReactNode, useMemo } from 'react'
import { type Silence, type SilenceFilters, useEndSilence, useSilences } from '../../../api/alerts/silences.ts'
import { StatusBadge } from '../../../parts/badges/status-badge.tsx'
import { KeyPicker } from '../../../parts/pickers/key-picker.tsx'
import { EmptyState } from '../../../parts/states/empty-state.tsx'
import { type Column, DataTable } from '../../../parts/tables/data-table.tsx'
import { FilterBar } from '../../../parts/tables/filter-bar.tsx'
import { FilterSelect } from '../../../parts/tables/filter-select.tsx'
import { setFilters, useFilters } from '../../../parts/tables/use-filters.ts'
import { KeyLink } from '../../../parts/words/key-link.tsx'
import { ruleName } from '../../../parts/words/rule-name.ts'
import { TimeText } from '../../../parts/words/time-text.tsx'
import { toastDone, toastFailed } from '../../../shell/alerts/toast.ts'
import { useMay } from '../../../shell/sign-in/session-context.ts'
import { alertTypeName } from '../form/alert-types.ts'

const columns: readonly Column<Silence>[] = [
  { id: 'what', header: 'What', cell: (silence) => <What silence={silence} /> },
  {
    id: 'state',
    header: 'State',
    cell: ({ state }) => <StatusBadge status={state === 'scheduled' ? 'queued' : state} label={state} />,
    width: '120px',
  },
  {
    id: 'reason',
    header: 'Reason',
    cell: ({ reason }) => <span title={reason ?? undefined}>{reason ?? '–'}</span>,
    from: 'tablet',
  },
  {
    id: 'by',
    header: 'By',
    cell: ({ createdBy }) => <KeyLink id={createdBy} none="Momentry" />,
    width: '120px',
    from: 'desktop',
  },
  {
    id: 'starts',
    header: 'Begins',
    cell: ({ startsAt }) => <TimeText at={startsAt} as="distance" />,
    width: '130px',
    from: 'desktop',
  },
  {
    id: 'ends',
    header: 'Ends',
    cell: ({ endsAt }) => <TimeText at={endsAt} as="distance" />,
    width: '130px',
    from: 'tablet',
  },
  { id: 'end', header: 'End', cell: (silence) => <EndButton silence={silence} />, width: '100px', align: 'end' },
]

/** Times in which alerts reach no sink. */
export function Silences({ create }: { create: ReactNode }) {
  const [values, change] = useFilters(['state', 'keyId'])
  const filters = useMemo(() => setFilters(values) as SilenceFilters, [values])
  const list = useSilences(filters)
  return (
    <>
      <FilterBar label="Filter silences">
        <FilterSelect
          label="State"
          value={values.state}
          onChange={(state) => change({ state })}
          options={['scheduled', 'active', 'ended']}
        />
        <KeyPicker label="Key" value={values.keyId} onChange={(keyId) => change({ keyId })} />
      </FilterBar>
      <DataTable
        label="Silences"
        columns={columns}
        {...list}
        rowId={({ id }) => id}
        empty={
          <div className="card">
            <EmptyState
              Icon={BellOff}
              title={Object.keys(filters).length > 0 ? 'No silence is left by these filters' : 'Nothing is silenced'}
              text="While a silence holds, alerts that match it are logged and listed, and reach no sink."
            >
              {create}
            </EmptyState>
          </div>
        }
      />
    </>
  )
}

function What({ silence: { keyId, rule, owner, type } }: { silence: Silence }) {
  const parts: ReactNode[] = []
  if (rule) parts.push(<span key="rule">{ruleName(rule)}</span>)
  if (type) parts.push(<span key="type">{alertTypeName(type)}</span>)
  if (keyId)
    parts.push(
      <span key="key">
        key <KeyLink id={keyId} />
      </span>,
    )
  if (owner) parts.push(<span key="owner">owner {owner}</span>)
  return (
    <>
      {parts.map((part, index) => (
        // biome-ignore lint/suspicious/noArrayIndexKey: parts stand in their order
        <span key={index}>
          {index > 0 && ', '}
          {part}
        </span>
      ))}
    </>
  )
}

function EndButton({ silence }: { silence: Silence }) {
  const may = useMay('alerts:write')
  const end = useEndSilence()
  if (!may || silence.state === 'ended') return null
  return (
    <Button
      variant="default"
      size="compact-xs"
      loading={end.isPending}
      onClick={() =>
        end.mutate(silence.id, {
          onSuccess: () => toastDone('The silence has ended'),
          onError: (error) => toastFailed('It goes on', error),
        })
      }
    >
      End now
    </Button>
  )
}
