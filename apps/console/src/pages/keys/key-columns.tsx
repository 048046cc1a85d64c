import type { Key } from '../../api/keys/keys.ts'
import { StatusBadge } from '../../parts/badges/status-badge.tsx'
import type { Column } from '../../parts/tables/data-table.tsx'
import { TimeText } from '../../parts/words/time-text.tsx'

const time = (at: string | null): number | null => (at === null ? null : Date.parse(at))

export const keyColumns: readonly Column<Key>[] = [
  {
    id: 'name',
    header: 'Name',
    cell: ({ name }) => <span title={name}>{name}</span>,
    sortBy: ({ name }) => name,
    askedBy: 'name',
  },
  {
    id: 'status',
    header: 'Status',
    cell: ({ status }) => <StatusBadge status={status} />,
    sortBy: ({ status }) => status,
    width: '6.75rem',
  },
  { id: 'type', header: 'Type', cell: ({ type }) => type, sortBy: ({ type }) => type, width: '6.5rem', from: 'tablet' },
  {
    id: 'owner',
    header: 'Owner',
    cell: ({ ownerId }) => <span title={ownerId ?? undefined}>{ownerId ?? '–'}</span>,
    sortBy: ({ ownerId }) => ownerId,
    width: '9.5rem',
    from: 'tablet',
  },
  {
    id: 'scopes',
    header: 'Scopes',
    cell: ({ scopes }) => (
      <span className="mono" title={scopes.join(' ')}>
        {scopes.join(' ') || '–'}
      </span>
    ),
    width: '14%',
    from: 'desktop',
  },
  {
    id: 'used',
    header: 'Last used',
    cell: ({ lastUsedAt }) => <TimeText at={lastUsedAt} as="distance" none="never" />,
    sortBy: ({ lastUsedAt }) => time(lastUsedAt),
    askedBy: 'lastUsedAt',
    width: '8.5rem',
    from: 'tablet',
  },
  {
    id: 'created',
    header: 'Created',
    cell: ({ createdAt }) => <TimeText at={createdAt} as="distance" />,
    sortBy: ({ createdAt }) => time(createdAt),
    askedBy: 'createdAt',
    width: '8.5rem',
    from: 'wide',
  },
  {
    id: 'expires',
    header: 'Expires',
    cell: ({ expiresAt }) => <TimeText at={expiresAt} as="distance" none="never" />,
    sortBy: ({ expiresAt }) => time(expiresAt),
    width: '7.5rem',
    from: 'desktop',
  },
]
