import { Drawer, Stack } from '@mantine/core'
import type { Backup } from '../../api/operation/backups.ts'
import { Facts } from '../../parts/page/facts.tsx'
import { type Column, DataTable } from '../../parts/tables/data-table.tsx'
import { formatBytes, formatNumber } from '../../parts/words/format.ts'
import { NumberText } from '../../parts/words/number-text.tsx'
import { TimeText } from '../../parts/words/time-text.tsx'

type Table = Backup['tables'][number]

const columns: readonly Column<Table>[] = [
  { id: 'name', header: 'Table', cell: ({ name }) => <span title={name}>{name}</span>, sortBy: ({ name }) => name },
  {
    id: 'rows',
    header: 'Rows',
    cell: ({ rows }) => <NumberText value={rows} />,
    sortBy: ({ rows }) => rows,
    align: 'end',
    width: '90px',
  },
  {
    id: 'bytes',
    header: 'Size',
    cell: ({ bytes }) => <NumberText value={bytes} as="bytes" />,
    sortBy: ({ bytes }) => bytes,
    align: 'end',
    width: '100px',
  },
]

/** What one backup holds. */
export function ShowBackup({ backup, onClose }: { backup: Backup; onClose: () => void }) {
  return (
    <Drawer
      opened
      onClose={onClose}
      position="right"
      size="lg"
      title={`Backup ${backup.number}`}
      closeButtonProps={{ 'aria-label': 'Close' }}
    >
      <Stack gap="md">
        <Facts
          rows={[
            ['Made', <TimeText key="made" at={backup.createdAt} />],
            ['Reason', backup.reason],
            ['Rows', formatNumber(backup.rows)],
            ['Size', formatBytes(backup.bytes)],
            ['Made after', backup.parent === null ? 'none' : `backup ${backup.parent}`],
            ['Schema', `version ${backup.schemaVersion}`],
            ['Format', backup.format],
          ]}
        />
        <DataTable
          label={`Tables of backup ${backup.number}`}
          columns={columns}
          rows={backup.tables}
          rowId={({ name }) => name}
          empty={null}
          rowHeight={34}
        />
      </Stack>
    </Drawer>
  )
}
