import { type AuditRow, useAudit } from '../../../api/operation/audit.ts'
import { Card } from '../../../parts/page/card.tsx'
import { EmptyState } from '../../../parts/states/empty-state.tsx'
import { type Column, DataTable } from '../../../parts/tables/data-table.tsx'
import { KeyLink } from '../../../parts/words/key-link.tsx'
import { TimeText } from '../../../parts/words/time-text.tsx'
import { changesOf } from '../../audit/changes.ts'

const columns: readonly Column<AuditRow>[] = [
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
      const text = [row.reason, ...describe(row)].filter(Boolean).join('; ')
      return <span title={text}>{text || '–'}</span>
    },
    from: 'tablet',
  },
]

/** Everything that was done to a key, in the order of the audit log, the newest first. */
export function AuditTab({ keyId }: { keyId: string }) {
  const audit = useAudit({ keyId })
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

/** What a row changed, in one line: `name: a → b`. */
function describe(row: AuditRow): string[] {
  return changesOf(row)
    .filter(({ field, before, after }) => field !== 'updatedAt' && before !== after)
    .map(({ field, before, after }) =>
      before === undefined ? `${field}: ${after}` : `${field}: ${before} → ${after ?? 'none'}`,
    )
}
