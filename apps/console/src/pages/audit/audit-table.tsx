import { Drawer } from '@mantine/core'
import { type ReactNode, useMemo, useState } from 'react'
import type { AuditRow, useAudit } from '../../api/operation/audit.ts'
import { type Column, DataTable } from '../../parts/tables/data-table.tsx'
import { KeyLink } from '../../parts/words/key-link.tsx'
import { TimeText } from '../../parts/words/time-text.tsx'
import { AuditDetail } from './audit-detail.tsx'
import './audit.css'

const rest: readonly Column<AuditRow>[] = [
  { id: 'key', header: 'Key', cell: ({ keyId }) => <KeyLink id={keyId} />, width: '150px', from: 'tablet' },
  {
    id: 'actor',
    header: 'By',
    cell: ({ actorKeyId }) => <KeyLink id={actorKeyId} none="Momentry" />,
    width: '150px',
    from: 'tablet',
  },
  {
    id: 'address',
    header: 'From',
    cell: ({ address }) => <span className="mono">{address ?? '–'}</span>,
    width: '140px',
    from: 'desktop',
  },
  {
    id: 'reason',
    header: 'Reason',
    cell: ({ reason }) => <span title={reason ?? undefined}>{reason ?? '–'}</span>,
    from: 'desktop',
  },
  { id: 'at', header: 'When', cell: ({ at }) => <TimeText at={at} as="distance" />, width: '135px', align: 'end' },
]

interface Props extends ReturnType<typeof useAudit> {
  empty: ReactNode
}

/** The log's rows; each opens to what it changed. */
export function AuditTable(props: Props) {
  const [shown, setShown] = useState<AuditRow>()
  const columns = useMemo<readonly Column<AuditRow>[]>(
    () => [
      {
        id: 'action',
        header: 'Action',
        cell: (row) => (
          <button type="button" className="audit-open" onClick={() => setShown(row)} aria-haspopup="dialog">
            {row.action}
          </button>
        ),
      },
      ...rest,
    ],
    [],
  )
  return (
    <>
      <DataTable label="Audit log" columns={columns} {...props} rowId={({ seq }) => String(seq)} rowHeight={40} />
      <Drawer
        opened={shown !== undefined}
        onClose={() => setShown(undefined)}
        position="right"
        size="lg"
        title={shown?.action}
        closeButtonProps={{ 'aria-label': 'Close' }}
      >
        {shown && <AuditDetail row={shown} />}
      </Drawer>
    </>
  )
}
