import { type KeyVersion, useKeyRotations, useKeyVersions } from '../../../api/keys/key-details.ts'
import type { Key } from '../../../api/keys/keys.ts'
import type { components } from '../../../api/schema.d.ts'
import { StatusBadge } from '../../../parts/badges/status-badge.tsx'
import { Card } from '../../../parts/page/card.tsx'
import { Facts } from '../../../parts/page/facts.tsx'
import { PageBody } from '../../../parts/page/page.tsx'
import { EmptyState } from '../../../parts/states/empty-state.tsx'
import { type Column, DataTable } from '../../../parts/tables/data-table.tsx'
import { formatSpan } from '../../../parts/words/format.ts'
import { TimeText } from '../../../parts/words/time-text.tsx'
import { useMay } from '../../../shell/sign-in/session-context.ts'

const versionColumns: readonly Column<KeyVersion>[] = [
  { id: 'version', header: 'Version', cell: ({ version }) => version, sortBy: ({ version }) => version, width: '7rem' },
  { id: 'hint', header: 'Hint', cell: ({ hint }) => <span className="mono">…{hint}…</span>, from: 'tablet' },
  { id: 'state', header: 'State', cell: ({ state }) => <StatusBadge status={state} />, width: '8rem' },
  { id: 'created', header: 'Made', cell: ({ createdAt }) => <TimeText at={createdAt} />, width: '13rem' },
  {
    id: 'ends',
    header: 'Ends',
    cell: ({ expiresAt }) => <TimeText at={expiresAt} none="with the key" />,
    width: '13rem',
    from: 'tablet',
  },
  {
    id: 'used',
    header: 'Last used',
    cell: ({ lastUsedAt }) => <TimeText at={lastUsedAt} as="distance" none="–" />,
    width: '10rem',
    from: 'tablet',
  },
]

type Rotation = components['schemas']['Rotation']

const rotationColumns: readonly Column<Rotation>[] = [
  { id: 'created', header: 'Asked for', cell: ({ createdAt }) => <TimeText at={createdAt} /> },
  { id: 'kind', header: 'Kind', cell: ({ kind }) => kind, width: '8rem' },
  { id: 'state', header: 'State', cell: ({ state }) => <StatusBadge status={state} />, width: '9rem' },
  {
    id: 'versions',
    header: 'Versions',
    cell: ({ fromVersion, toVersion }) => (toVersion === null ? '–' : `${fromVersion} → ${toVersion}`),
    width: '7rem',
    from: 'tablet',
  },
  { id: 'reason', header: 'Reason', cell: ({ reason }) => reason ?? '–', from: 'tablet' },
]

/** A key's secrets, by version, and how each came to replace the one before. */
export function SecretsTab({ keyNow }: { keyNow: Key }) {
  const versions = useKeyVersions(keyNow.id)
  const mayRotations = useMay('rotations:read')
  const rotations = useKeyRotations(keyNow.id, mayRotations)
  const { rotation } = keyNow.policy
  return (
    <PageBody>
      <Card title="Schedule">
        <Facts
          rows={[
            [
              'A new secret',
              rotation?.intervalSeconds ? `every ${formatSpan(rotation.intervalSeconds)}` : 'only when asked for',
            ],
            ['The next', <TimeText key="next" at={keyNow.nextRotationAt} />],
            ['Grace', rotation?.graceSeconds === undefined ? 'as its type has it' : formatSpan(rotation.graceSeconds)],
          ]}
        />
      </Card>
      <Card title="Versions" description="Only digests are stored: nobody can read a secret again" flush>
        <DataTable
          label="Versions of the secret"
          columns={versionColumns}
          rows={versions.data?.data}
          rowId={({ version }) => String(version)}
          error={versions.error}
          onRetry={versions.refetch}
          empty={<EmptyState title="No secret" text="An imported key can be without one until its first rotation." />}
          rowHeight={40}
        />
      </Card>
      {mayRotations && (
        <Card title="Rotations" flush>
          <DataTable
            label="Rotations of the key"
            columns={rotationColumns}
            rows={rotations.data?.data}
            rowId={({ id }) => id}
            href={({ id }) => `/rotations/${id}`}
            error={rotations.error}
            onRetry={rotations.refetch}
            empty={<EmptyState title="Never rotated" text="It still has its first secret." />}
            rowHeight={40}
          />
        </Card>
      )}
    </PageBody>
  )
}
