import { UnstyledButton } from '@mantine/core'
import { ArrowDown, ArrowUp, ChevronsUpDown } from 'lucide-react'
import type { Column, Sorting } from './use-sorted-rows.ts'

interface Props<Row> {
  columns: readonly Column<Row>[]
  sorting: Sorting | undefined
  onSort: (sorting: Sorting | undefined) => void
}

/** The names of the columns. A press sorts by one, the next turns the order, the third gives back how the rows came. */
export function DataTableHead<Row>({ columns, sorting, onSort }: Props<Row>) {
  return (
    <thead>
      <tr aria-rowindex={1}>
        {columns.map(({ id, header, width, align, sortBy }) => {
          const order = sorting?.id === id ? (sorting.desc ? 'descending' : 'ascending') : undefined
          return (
            <th key={id} scope="col" style={{ width }} data-align={align} aria-sort={order}>
              {sortBy ? (
                <UnstyledButton className="data-table-sort" onClick={() => onSort(next(id, sorting))}>
                  {header}
                  {order === 'ascending' && <ArrowUp size={13} aria-hidden="true" />}
                  {order === 'descending' && <ArrowDown size={13} aria-hidden="true" />}
                  {!order && <ChevronsUpDown size={13} aria-hidden="true" className="data-table-unsorted" />}
                </UnstyledButton>
              ) : (
                header
              )}
            </th>
          )
        })}
      </tr>
    </thead>
  )
}

function next(id: string, sorting: Sorting | undefined): Sorting | undefined {
  if (sorting?.id !== id) return { id, desc: false }
  return sorting.desc ? undefined : { id, desc: true }
}
