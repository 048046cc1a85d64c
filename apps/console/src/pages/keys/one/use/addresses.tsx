import type { KeyActivity } from '../../../../api/keys/key-details.ts'
import { EmptyState } from '../../../../parts/states/empty-state.tsx'
import { type Column, DataTable } from '../../../../parts/tables/data-table.tsx'
import { NumberText } from '../../../../parts/words/number-text.tsx'
import { TimeText } from '../../../../parts/words/time-text.tsx'

type Address = KeyActivity['addresses'][number]

const columns: readonly Column<Address>[] = [
  {
    id: 'address',
    header: 'Address',
    cell: ({ address }) => <span className="mono">{address}</span>,
    sortBy: ({ address }) => address,
  },
  {
    id: 'requests',
    header: 'Requests',
    cell: ({ requests }) => <NumberText value={requests} />,
    sortBy: ({ requests }) => requests,
    align: 'end',
    width: '6.5rem',
  },
  {
    id: 'errors',
    header: 'Errors',
    cell: ({ errors, requests }) => (
      <>
        <NumberText value={errors} /> (<NumberText value={requests === 0 ? 0 : errors / requests} as="share" />)
      </>
    ),
    sortBy: ({ errors }) => errors,
    align: 'end',
    width: '8rem',
    from: 'tablet',
  },
  {
    id: 'first',
    header: 'First seen',
    cell: ({ firstSeenAt }) => <TimeText at={firstSeenAt} as="distance" />,
    sortBy: ({ firstSeenAt }) => Date.parse(firstSeenAt),
    width: '10rem',
    from: 'tablet',
  },
  {
    id: 'last',
    header: 'Last seen',
    cell: ({ lastSeenAt }) => <TimeText at={lastSeenAt} as="distance" />,
    sortBy: ({ lastSeenAt }) => Date.parse(lastSeenAt),
    width: '10rem',
    from: 'tablet',
  },
]

interface Props {
  activity: { data: KeyActivity | undefined; error: unknown; refetch: () => unknown }
}

export function Addresses({ activity }: Props) {
  return (
    <DataTable
      label="Addresses that used the key"
      columns={columns}
      rows={activity.data?.addresses}
      rowId={({ address }) => address}
      error={activity.error}
      onRetry={activity.refetch}
      initialSort={{ id: 'requests', desc: true }}
      empty={
        <EmptyState title="No address yet" text="It shows here once the key is used, with its address reported." />
      }
      rowHeight={38}
    />
  )
}
