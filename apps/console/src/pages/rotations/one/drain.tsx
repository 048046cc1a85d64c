import { Text } from '@mantine/core'
import type { RotationDetail } from '../../../api/keys/rotations.ts'
import { CompareBars } from '../../../parts/charts/compare-bars.tsx'
import { type Column, DataTable } from '../../../parts/tables/data-table.tsx'
import { formatNumber, formatShare } from '../../../parts/words/format.ts'
import { NumberText } from '../../../parts/words/number-text.tsx'
import { TimeText } from '../../../parts/words/time-text.tsx'

type Usage = NonNullable<RotationDetail['usage']>
type Address = Usage['old']['addresses'][number] & { secret: 'old' | 'new' }

const columns: readonly Column<Address>[] = [
  { id: 'address', header: 'Address', cell: ({ address }) => <span className="mono">{address ?? 'not told'}</span> },
  { id: 'secret', header: 'Secret', cell: ({ secret }) => secret, width: '100px', sortBy: ({ secret }) => secret },
  {
    id: 'requests',
    header: 'Requests',
    cell: ({ requests }) => <NumberText value={requests} />,
    sortBy: ({ requests }) => requests,
    align: 'end',
    width: '110px',
  },
  {
    id: 'refused',
    header: 'Refused',
    cell: ({ refused }) => <NumberText value={refused} />,
    sortBy: ({ refused }) => refused,
    align: 'end',
    width: '100px',
    from: 'tablet',
  },
  {
    id: 'last',
    header: 'Last used',
    cell: ({ lastUsedAt }) => <TimeText at={lastUsedAt} as="distance" />,
    sortBy: ({ lastUsedAt }) => lastUsedAt,
    align: 'end',
    width: '140px',
  },
]

/** Who still uses the old secret, and who the new one, since the rotation. */
export function Drain({ usage }: { usage: Usage }) {
  const total = usage.old.requests + usage.new.requests
  const addresses: Address[] = [
    ...usage.old.addresses.map((address) => ({ ...address, secret: 'old' as const })),
    ...usage.new.addresses.map((address) => ({ ...address, secret: 'new' as const })),
  ]
  return (
    <>
      <Text mb="sm">
        {total === 0
          ? 'Neither secret was used since the rotation.'
          : `${formatShare(usage.new.requests / total)} of ${formatNumber(total)} validations since the rotation used the new secret.`}
      </Text>
      <CompareBars
        bars={[
          {
            label: `Old, version ${usage.old.version}`,
            value: usage.old.requests,
            text: `${formatNumber(usage.old.requests)} requests`,
            color: '--mark-warn',
          },
          {
            label: `New, version ${usage.new.version}`,
            value: usage.new.requests,
            text: `${formatNumber(usage.new.requests)} requests`,
            color: '--mark-good',
          },
        ]}
      />
      <Text size="sm" c="dimmed" mt="sm" mb="md">
        {usage.old.lastUsedAt ? (
          <>
            The old one was last used <TimeText at={usage.old.lastUsedAt} as="distance" />
          </>
        ) : (
          'The old one was not used since'
        )}
        {usage.old.lastAddress && (
          <>
            {' '}
            from <span className="mono">{usage.old.lastAddress}</span>
          </>
        )}
        {usage.old.refused > 0 && `, and was refused ${formatNumber(usage.old.refused)} times`}. Counts are a second or
        two behind.
      </Text>
      {addresses.length > 0 && (
        <DataTable
          label="Addresses that used the secrets"
          columns={columns}
          rows={addresses}
          rowId={({ address, secret }) => `${secret} ${address}`}
          initialSort={{ id: 'last', desc: true }}
          empty={null}
          rowHeight={38}
        />
      )}
    </>
  )
}
