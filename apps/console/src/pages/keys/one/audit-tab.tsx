import { useKeyAudit } from '../../../api/key-details.ts'
import type { components } from '../../../api/schema.d.ts'
import { Card } from '../../../parts/card.tsx'
import { type Column, DataTable } from '../../../parts/data-table.tsx'
import { EmptyState } from '../../../parts/empty-state.tsx'
import { KeyLink } from '../../../parts/key-link.tsx'
import { TimeText } from '../../../parts/time-text.tsx'
import { changesOf } from './changes-of.ts'

type Row = components['schemas']['AuditRow']

const columns: readonly Column<Row>[] = [
  { id: 'at', header: 'When', cell: ({ at }) => <TimeText at={at} />, width: '12.5rem' },
  { id: 'action', header: 'What', cell: ({ action }) => <span className="mono">{action}</span>, width: '12rem' },
  {
    id: 'by',
    header: 'By',
    cell: ({ actorKeyId }) => <KeyLink id={actorKeyId} none="Momentry" />,
    width: '9rem',
    from: 'tablet',
  },
  {
    id: 'from',
    header: 'From',
    cell: ({ address }) => <span className="mono">{address ?? '–'}</span>,
    width: '9rem',
    from: 'desktop',
  },
  {
    id: 'change',
    header: 'Change',
    cell: (row) => {
      const text = [row.reason, ...changesOf(row.before, row.after)].filter(Boolean).join('; ')
      return <span title={text}>{text || '–'}</span>
    },
    from: 'tablet',
  },
]

/** Everything that was done to a key, in the order of the audit log, the newest first. */
export function AuditTab({ keyId }: { keyId: string }) {
  const audit = useKeyAudit(keyId)
  return (
    <Card title="Audit trail" description="Every row is chained to the one before by its hash" flush>
      <DataTable
        label="Audit trail of the key"
        columns={columns}
        rowId={({ seq }) => String(seq)}
        empty={<EmptyState title="Nothing was written yet" />}
        rowHeight={40}
        {...audit}
      />
    </Card>
  )
}
