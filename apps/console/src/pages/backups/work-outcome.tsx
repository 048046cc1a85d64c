import { Alert, Code } from '@mantine/core'
import { EmptyState } from '../../parts/states/empty-state.tsx'
import { type Column, DataTable } from '../../parts/tables/data-table.tsx'
import { formatBytes, formatNumber } from '../../parts/words/format.ts'
import { NumberText } from '../../parts/words/number-text.tsx'
import { isDiff, isMade, isVerified, type TableDiff } from './outcome.ts'

/** What work on backups came to, as its kind shows it. */
export function WorkOutcome({ output }: { output: Record<string, unknown> }) {
  if (isDiff(output)) return <Diff tables={output.tables} />
  if (isVerified(output))
    return output.valid ? (
      <Alert color="teal" variant="light" title={`Backup ${output.number} is good`}>
        Every file was read and checked to the last bit.
      </Alert>
    ) : (
      <Alert color="red" variant="light" title={`Backup ${output.number} is damaged`}>
        {output.problems.map(({ file, reason }) => `${file}: ${reason}`).join('; ')}
      </Alert>
    )
  if (isMade(output))
    return (
      <Alert color="teal" variant="light" title={`Backup ${output.number} is made`}>
        {formatNumber(output.rows)} rows, {formatBytes(output.bytes)}.
      </Alert>
    )
  return <Code block>{JSON.stringify(output, null, 2)}</Code>
}

const columns: readonly Column<TableDiff>[] = [
  {
    id: 'name',
    header: 'Table',
    cell: ({ name, samples }) => (
      <span title={samples.length > 0 ? `Such as ${samples.join(', ')}` : name}>{name}</span>
    ),
    sortBy: ({ name }) => name,
  },
  number('added', 'Added', ({ added }) => added),
  number('changed', 'Changed', ({ changed }) => changed),
  number('removed', 'Removed', ({ removed }) => removed),
  number('before', 'Rows before', ({ rowsBefore }) => rowsBefore),
  number('after', 'Rows after', ({ rowsAfter }) => rowsAfter),
]

function number(id: string, header: string, read: (diff: TableDiff) => number): Column<TableDiff> {
  const wide = id === 'before' || id === 'after'
  return {
    ...{ id, header, sortBy: read, align: 'end' as const, width: wide ? '130px' : '115px' },
    cell: (diff) => <NumberText value={read(diff)} />,
    ...(wide && { from: 'tablet' as const }),
  }
}

function Diff({ tables }: { tables: readonly TableDiff[] }) {
  const changed = tables.filter(({ added, changed: different, removed }) => added + different + removed > 0)
  if (changed.length === 0)
    return <EmptyState title="They hold the same" text="No row was added, changed or removed." />
  return (
    <DataTable
      label="What changed, by table"
      columns={columns}
      rows={changed}
      rowId={({ name }) => name}
      empty={null}
      rowHeight={36}
    />
  )
}
