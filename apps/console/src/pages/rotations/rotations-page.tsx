import { Button } from '@mantine/core'
import { useDisclosure } from '@mantine/hooks'
import { RotateCw } from 'lucide-react'
import { useMemo } from 'react'
import { type Rotation, type RotationFilters, useRotations } from '../../api/keys/rotations.ts'
import { StatusBadge } from '../../parts/badges/status-badge.tsx'
import { PageBody } from '../../parts/page/page.tsx'
import { PageHeader } from '../../parts/page/page-header.tsx'
import { KeyPicker } from '../../parts/pickers/key-picker.tsx'
import { EmptyState } from '../../parts/states/empty-state.tsx'
import { type Column, DataTable } from '../../parts/tables/data-table.tsx'
import { FilterBar } from '../../parts/tables/filter-bar.tsx'
import { FilterSelect } from '../../parts/tables/filter-select.tsx'
import { setFilters, useFilters } from '../../parts/tables/use-filters.ts'
import { TimeText } from '../../parts/words/time-text.tsx'
import { useMay } from '../../shell/sign-in/session-context.ts'
import { Claim } from './one/claim.tsx'
import { RotateManyDialog } from './rotate-many-dialog.tsx'

const columns: readonly Column<Rotation>[] = [
  { id: 'key', header: 'Key', cell: ({ keyName }) => <span title={keyName}>{keyName}</span> },
  { id: 'kind', header: 'Kind', cell: ({ kind }) => kind, width: '100px', from: 'tablet' },
  { id: 'state', header: 'State', cell: ({ state }) => <StatusBadge status={state} />, width: '120px' },
  {
    id: 'versions',
    header: 'Versions',
    cell: ({ fromVersion, toVersion }) => (
      <span className="number">{`${fromVersion ?? '–'} → ${toVersion ?? '–'}`}</span>
    ),
    width: '90px',
    from: 'desktop',
  },
  {
    id: 'claim',
    header: 'New secret',
    cell: (rotation) => <Claim rotation={rotation} />,
    width: '150px',
    from: 'tablet',
  },
  {
    id: 'grace',
    header: 'Old one ends',
    cell: ({ graceEndsAt }) => <TimeText at={graceEndsAt} as="distance" />,
    width: '140px',
    from: 'tablet',
  },
  {
    id: 'created',
    header: 'Queued',
    cell: ({ createdAt }) => <TimeText at={createdAt} as="distance" />,
    width: '140px',
    align: 'end',
    from: 'tablet',
  },
]

/** The queue of rotations, and those that are over. */
export function RotationsPage() {
  const [values, change] = useFilters(['state', 'kind', 'keyId'])
  const filters = useMemo(() => setFilters(values) as RotationFilters, [values])
  const list = useRotations(filters)
  const rotates = useMay('rotations:write')
  const [open, dialog] = useDisclosure(false)
  const start = rotates && (
    <Button leftSection={<RotateCw size={15} />} onClick={dialog.open}>
      Rotate keys
    </Button>
  )
  return (
    <>
      <PageHeader
        title="Rotations"
        description="Secrets that are being replaced, and who still uses the old ones."
        actions={start}
      />
      <PageBody>
        <FilterBar label="Filter rotations">
          <FilterSelect
            label="State"
            value={values.state}
            onChange={(state) => change({ state })}
            options={['queued', 'running', 'completed', 'failed', 'cancelled']}
          />
          <FilterSelect
            label="Kind"
            value={values.kind}
            onChange={(kind) => change({ kind })}
            options={['scheduled', 'manual', 'forced']}
          />
          <KeyPicker label="Key" value={values.keyId} onChange={(keyId) => change({ keyId })} />
        </FilterBar>
        <DataTable
          label="Rotations"
          columns={columns}
          {...list}
          rowId={({ id }) => id}
          href={({ id }) => `/rotations/${id}`}
          empty={
            <div className="card">
              <EmptyState
                Icon={RotateCw}
                title={
                  Object.keys(filters).length > 0 ? 'No rotation is left by these filters' : 'Nothing was rotated yet'
                }
                text="Keys are rotated by their schedule, by an anomaly where their policy says so, or by hand."
              />
            </div>
          }
        />
      </PageBody>
      {open && <RotateManyDialog onClose={dialog.close} />}
    </>
  )
}
