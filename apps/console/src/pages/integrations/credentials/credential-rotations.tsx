import { Ban, KeyRound, RotateCw, TimerOff } from 'lucide-react'
import { useMemo, useState } from 'react'
import {
  type CredentialRotation,
  useCancelCredentialRotation,
  useCredentialRotations,
} from '../../../api/operation/integrations.ts'
import { StatusBadge } from '../../../parts/badges/status-badge.tsx'
import { ActionMenu } from '../../../parts/dialogs/action-menu.tsx'
import { EmptyState } from '../../../parts/states/empty-state.tsx'
import { type Column, DataTable } from '../../../parts/tables/data-table.tsx'
import { FilterBar } from '../../../parts/tables/filter-bar.tsx'
import { FilterSelect } from '../../../parts/tables/filter-select.tsx'
import { setFilters, useFilters } from '../../../parts/tables/use-filters.ts'
import { JobLink } from '../../../parts/words/job-link.tsx'
import { TimeText } from '../../../parts/words/time-text.tsx'
import { toastDone, toastFailed } from '../../../shell/alerts/toast.ts'
import { isSystemName, systemWords } from '../words.ts'
import { EndCredentialGraceDialog } from './end-credential-grace-dialog.tsx'
import { FetchCredentialDialog } from './fetch-credential-dialog.tsx'

const plain: readonly Column<CredentialRotation>[] = [
  {
    id: 'name',
    header: 'Credential',
    cell: ({ credentialName }) => <span title={credentialName}>{credentialName}</span>,
  },
  {
    id: 'system',
    header: 'System',
    cell: ({ system }) => (isSystemName(system) ? systemWords[system].title : system),
    width: '90px',
    from: 'tablet',
  },
  {
    id: 'state',
    header: 'State',
    cell: ({ state, error }) => (
      <span title={error ?? undefined}>
        <StatusBadge status={state} />
      </span>
    ),
    width: '120px',
  },
  { id: 'kind', header: 'Kind', cell: ({ kind }) => kind, width: '100px', from: 'desktop' },
  { id: 'hand', header: 'Handed over by', cell: ({ handOver }) => handOver.type, width: '130px', from: 'desktop' },
  {
    id: 'grace',
    header: 'Old one ends',
    cell: ({ graceEndsAt }) => <TimeText at={graceEndsAt} as="distance" />,
    width: '130px',
    from: 'tablet',
  },
  { id: 'job', header: 'Job', cell: ({ jobId }) => <JobLink id={jobId} />, width: '110px', from: 'desktop' },
  {
    id: 'created',
    header: 'Queued',
    cell: ({ createdAt }) => <TimeText at={createdAt} as="distance" />,
    width: '130px',
    align: 'end',
  },
]

/** Rotations of credentials on other systems. */
export function CredentialRotations() {
  const [values, change] = useFilters(['state'])
  const filters = useMemo(() => setFilters(values) as { state?: CredentialRotation['state'] }, [values])
  const list = useCredentialRotations(filters)
  const { mutate: cancel } = useCancelCredentialRotation()
  const [open, setOpen] = useState<{ kind: 'grace' | 'fetch'; rotation: CredentialRotation }>()
  const close = () => setOpen(undefined)
  const columns = useMemo<readonly Column<CredentialRotation>[]>(
    () => [
      ...plain,
      {
        id: 'actions',
        header: 'More',
        cell: (rotation) => (
          <ActionMenu
            label={`Actions for the rotation of ${rotation.credentialName}`}
            actions={[
              rotation.state === 'queued' && {
                label: 'Cancel',
                Icon: Ban,
                onClick: () =>
                  cancel(rotation.id, {
                    onSuccess: () => toastDone('Cancelled', rotation.credentialName),
                    onError: (error) => toastFailed('It is not cancelled', error),
                  }),
              },
              rotation.claimable && {
                label: 'Fetch the new value …',
                Icon: KeyRound,
                onClick: () => setOpen({ kind: 'fetch', rotation }),
              },
              rotation.state === 'draining' && {
                label: 'End grace …',
                Icon: TimerOff,
                danger: true,
                onClick: () => setOpen({ kind: 'grace', rotation }),
              },
            ]}
          />
        ),
        width: '68px',
        align: 'end',
      },
    ],
    [cancel],
  )
  return (
    <>
      <FilterBar label="Filter rotations">
        <FilterSelect
          label="State"
          value={values.state}
          onChange={(state) => change({ state })}
          options={['queued', 'running', 'draining', 'completed', 'failed', 'cancelled']}
        />
      </FilterBar>
      <DataTable
        label="Rotations of credentials elsewhere"
        columns={columns}
        {...list}
        rowId={({ id }) => id}
        empty={
          <div className="card">
            <EmptyState Icon={RotateCw} title={values.state ? 'None in this state' : 'Nothing was rotated yet'} />
          </div>
        }
      />
      {open?.kind === 'fetch' && <FetchCredentialDialog rotation={open.rotation} onClose={close} />}
      {open?.kind === 'grace' && <EndCredentialGraceDialog rotation={open.rotation} onClose={close} />}
    </>
  )
}
