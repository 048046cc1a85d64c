import { Checkbox, Text } from '@mantine/core'
import { Plug, RefreshCw, Trash } from 'lucide-react'
import { useMemo, useState } from 'react'
import {
  type Connection,
  type Integration,
  useCheckConnection,
  useConnections,
  useRemoveConnection,
} from '../../api/operation/integrations.ts'
import { StatusBadge } from '../../parts/badges/status-badge.tsx'
import { ActionMenu } from '../../parts/dialogs/action-menu.tsx'
import { ConfirmDialog } from '../../parts/dialogs/confirm-dialog.tsx'
import { EmptyState } from '../../parts/states/empty-state.tsx'
import { type Column, DataTable } from '../../parts/tables/data-table.tsx'
import { TimeText } from '../../parts/words/time-text.tsx'
import { toastDone, toastFailed } from '../../shell/alerts/toast.ts'

/** Accounts on other systems that Momentry acts with. */
export function Connections({ systems }: { systems: readonly Integration[] }) {
  const list = useConnections()
  const { mutate: check } = useCheckConnection()
  const [removing, setRemoving] = useState<Connection>()
  const columns = useMemo<readonly Column<Connection>[]>(
    () => [
      ...columnsFor(systems),
      {
        id: 'actions',
        header: 'More',
        cell: (connection) => (
          <ActionMenu
            label={`Actions for ${connection.name}`}
            actions={[
              {
                label: 'Sign in anew',
                Icon: RefreshCw,
                onClick: () =>
                  check(connection.id, {
                    onSuccess: ({ account }) => toastDone('It signed in', account),
                    onError: (error) => toastFailed('It did not sign in', error),
                  }),
              },
              { label: 'Remove …', Icon: Trash, danger: true, onClick: () => setRemoving(connection) },
            ]}
          />
        ),
        width: '68px',
        align: 'end',
      },
    ],
    [systems, check],
  )
  return (
    <>
      <DataTable
        label="Connections"
        columns={columns}
        {...list}
        rowId={({ id }) => id}
        empty={
          <div className="card">
            <EmptyState
              Icon={Plug}
              title="No account is stored"
              text="With a connection Momentry rotates and ends credentials there without a person."
            />
          </div>
        }
      />
      {removing && <RemoveConnection connection={removing} onClose={() => setRemoving(undefined)} />}
    </>
  )
}

function columnsFor(systems: readonly Integration[]): readonly Column<Connection>[] {
  const title = (name: string) => systems.find(({ system }) => system === name)?.title ?? name
  return [
    { id: 'name', header: 'Name', cell: ({ name }) => <span title={name}>{name}</span>, sortBy: ({ name }) => name },
    { id: 'system', header: 'System', cell: ({ system }) => title(system), width: '100px' },
    { id: 'account', header: 'Account', cell: ({ account }) => <span title={account}>{account}</span>, from: 'tablet' },
    {
      id: 'error',
      header: 'State',
      cell: ({ error }) => (
        <span title={error ?? undefined}>
          <StatusBadge status={error ? 'failed' : 'ready'} />
        </span>
      ),
      width: '110px',
    },
    {
      id: 'used',
      header: 'Last used',
      cell: ({ lastUsedAt }) => <TimeText at={lastUsedAt} as="distance" none="never" />,
      width: '140px',
      from: 'tablet',
    },
  ]
}

function RemoveConnection({ connection, onClose }: { connection: Connection; onClose: () => void }) {
  const remove = useRemoveConnection()
  const [force, setForce] = useState(false)
  return (
    <ConfirmDialog
      opened
      onClose={onClose}
      title="Remove the connection"
      confirmLabel="Remove"
      danger
      pending={remove.isPending}
      error={remove.error}
      onConfirm={() =>
        remove.mutate(
          { id: connection.id, force },
          {
            onSuccess: () => {
              toastDone('Removed', connection.name)
              onClose()
            },
          },
        )
      }
    >
      <Text size="sm" mb="sm">
        Momentry forgets how it signs in as <b>{connection.account}</b>. The credentials of that account stay where they
        are, and are neither rotated nor ended any more.
      </Text>
      <Checkbox
        label="Also where credentials depend on it"
        checked={force}
        onChange={(event) => setForce(event.currentTarget.checked)}
      />
    </ConfirmDialog>
  )
}
