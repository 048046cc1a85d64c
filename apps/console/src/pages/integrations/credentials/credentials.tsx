import { KeySquare, RotateCw, Trash } from 'lucide-react'
import { useMemo, useState } from 'react'
import {
  type Credential,
  type CredentialState,
  type SystemName,
  useCredentials,
} from '../../../api/operation/integrations.ts'
import { StatusBadge } from '../../../parts/badges/status-badge.tsx'
import { ActionMenu } from '../../../parts/dialogs/action-menu.tsx'
import { EmptyState } from '../../../parts/states/empty-state.tsx'
import { type Column, DataTable } from '../../../parts/tables/data-table.tsx'
import { FilterBar } from '../../../parts/tables/filter-bar.tsx'
import { FilterSelect } from '../../../parts/tables/filter-select.tsx'
import { setFilters, useFilters } from '../../../parts/tables/use-filters.ts'
import { TimeText } from '../../../parts/words/time-text.tsx'
import { systemWords } from '../words.ts'
import { DeleteCredentialDialog } from './delete-credential-dialog.tsx'
import { RotateCredentialDialog } from './rotate-credential-dialog.tsx'

const plain: readonly Column<Credential>[] = [
  { id: 'name', header: 'Name', cell: ({ name }) => <span title={name}>{name}</span>, sortBy: ({ name }) => name },
  { id: 'owner', header: 'Owner', cell: ({ owner }) => <span title={owner}>{owner}</span>, from: 'tablet' },
  { id: 'state', header: 'State', cell: ({ state }) => <StatusBadge status={state} />, width: '110px' },
  {
    id: 'hint',
    header: 'Value',
    cell: ({ hint }) => <span className="mono">{hint ? `…${hint}` : '–'}</span>,
    width: '120px',
    from: 'desktop',
  },
  {
    id: 'scopes',
    header: 'Scopes',
    cell: ({ scopes }) => <span title={scopes.join(', ')}>{scopes.join(', ') || '–'}</span>,
    from: 'desktop',
  },
  {
    id: 'next',
    header: 'Next rotation',
    cell: ({ nextRotationAt }) => <TimeText at={nextRotationAt} as="distance" none="by hand" />,
    width: '130px',
    from: 'tablet',
  },
  {
    id: 'expires',
    header: 'Expires',
    cell: ({ expiresAt }) => <TimeText at={expiresAt} as="distance" none="never" />,
    width: '120px',
    from: 'tablet',
  },
]

/** A system's credentials that Momentry tracks. */
export function Credentials({ system }: { system: SystemName }) {
  const [values, change] = useFilters(['state'])
  const filters = useMemo(() => setFilters(values) as { state?: CredentialState }, [values])
  const list = useCredentials(system, filters)
  const [open, setOpen] = useState<{ kind: 'rotate' | 'delete'; credential: Credential }>()
  const columns = useMemo<readonly Column<Credential>[]>(
    () => [
      ...plain,
      {
        id: 'actions',
        header: 'More',
        cell: (credential) =>
          credential.state === 'active' && (
            <ActionMenu
              label={`Actions for ${credential.name}`}
              actions={[
                { label: 'Rotate …', Icon: RotateCw, onClick: () => setOpen({ kind: 'rotate', credential }) },
                {
                  label: 'Delete …',
                  Icon: Trash,
                  danger: true,
                  onClick: () => setOpen({ kind: 'delete', credential }),
                },
              ]}
            />
          ),
        width: '68px',
        align: 'end',
      },
    ],
    [],
  )
  const close = () => setOpen(undefined)
  const { one, many, title } = systemWords[system]
  return (
    <>
      <FilterBar label={`Filter ${many}`}>
        <FilterSelect
          label="State"
          value={values.state}
          onChange={(state) => change({ state })}
          options={['creating', 'active', 'deleted', 'gone', 'expired']}
        />
      </FilterBar>
      <DataTable
        label={many}
        columns={columns}
        {...list}
        rowId={({ id }) => id}
        empty={
          <div className="card">
            <EmptyState
              Icon={KeySquare}
              title={values.state ? `No ${one} is in this state` : `No ${one} is tracked`}
              text={`What is made here is made at ${title}, and looked after from then on.`}
            />
          </div>
        }
      />
      {open?.kind === 'rotate' && (
        <RotateCredentialDialog system={system} credential={open.credential} onClose={close} />
      )}
      {open?.kind === 'delete' && (
        <DeleteCredentialDialog system={system} credential={open.credential} onClose={close} />
      )}
    </>
  )
}
