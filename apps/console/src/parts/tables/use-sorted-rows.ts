import { type ColumnDef, createSortedRowModel, rowSortingFeature, tableFeatures, useTable } from '@tanstack/react-table'
import { type ReactNode, useMemo } from 'react'

export interface Column<Row> {
  id: string
  header: string
  cell: (row: Row) => ReactNode
  /** What the column sorts by; a column without it does not sort. Null and undefined come last. */
  sortBy?: (row: Row) => string | number | null | undefined
  /** What the API calls this order, where it sorts by it: then no row is read just to be sorted. */
  askedBy?: string
  /** Numbers stand at the end of their column. */
  align?: 'start' | 'end'
  /** As CSS has it; columns without one share what is left. */
  width?: string
  /** Left out on smaller screens than this. */
  from?: 'tablet' | 'desktop' | 'wide'
}

export interface Sorting {
  id: string
  desc: boolean
}

const features = tableFeatures({ rowSortingFeature, sortedRowModel: createSortedRowModel() })
const words = new Intl.Collator('en', { numeric: true, sensitivity: 'base' })

/** TanStack wants rows that are records; anything can be one inside another. */
interface Held<Row> {
  row: Row
}

/** Gives the rows in the order of a column, or as they came. */
export function useSortedRows<Row>(
  rows: readonly Row[] | undefined,
  columns: readonly Column<Row>[],
  sorting: Sorting | undefined,
): readonly Row[] {
  const definitions = useMemo(() => columns.map((column) => define(column)), [columns])
  const data = useMemo<readonly Held<Row>[]>(() => rows?.map((row) => ({ row })) ?? [], [rows])
  const state = useMemo(() => ({ sorting: sorting ? [sorting] : [] }), [sorting])
  const table = useTable({ features, columns: definitions, data, state })
  const model = table.getRowModel()
  return useMemo(() => model.rows.map(({ original }) => original.row), [model])
}

function define<Row>({ id, sortBy }: Column<Row>): ColumnDef<typeof features, Held<Row>> {
  return {
    id,
    accessorFn: ({ row }) => sortBy?.(row) ?? undefined,
    enableSorting: sortBy !== undefined,
    sortUndefined: 'last',
    sortFn: (first, second, column) => compare(first.getValue(column), second.getValue(column)),
  }
}

function compare(first: unknown, second: unknown): number {
  if (typeof first === 'number' && typeof second === 'number') return first - second
  return words.compare(String(first), String(second))
}
