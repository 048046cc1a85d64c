import { useMediaQuery } from '@mantine/hooks'
import { useWindowVirtualizer } from '@tanstack/react-virtual'
import { type ReactNode, useEffect, useMemo, useRef, useState } from 'react'
import { ErrorState } from '../states/error-state.tsx'
import { DataTableBody } from './data-table-body.tsx'
import { DataTableHead } from './data-table-head.tsx'
import { type Column, type Sorting, useSortedRows } from './use-sorted-rows.ts'
import './data-table.css'

export type { Column } from './use-sorted-rows.ts'

/** An order as the API takes it. */
export interface AskedOrder {
  sort: string
  order: 'asc' | 'desc'
}

interface Props<Row> {
  /** What the table lists, for screen readers. */
  label: string
  columns: readonly Column<Row>[]
  /** Undefined while the first page is being read. */
  rows: readonly Row[] | undefined
  rowId: (row: Row) => string
  /** A row's own page: its first cell becomes a link there, and a click anywhere on the row follows it. */
  href?: (row: Row) => string
  /** What stands there where there are no rows. */
  empty: ReactNode
  error?: unknown
  onRetry?: () => unknown
  /** More rows can be read: it is done when the end comes near, and to the end before rows are sorted. */
  hasMore?: boolean
  loadingMore?: boolean
  onMore?: () => unknown
  initialSort?: Sorting
  /** Told of the order that the rows are to be read in; undefined: the list's own. For lists with columns that are `askedBy`. */
  onAsk?: (order: AskedOrder | undefined) => void
  /** In pixels. Every row has this height, whatever is in it. */
  rowHeight?: number
}

/** Pages are only read to the end for sorting while they are not absurdly many. */
const mostToSort = 20_000

/** Rows of one kind, drawn only where they are seen: thousands scroll like ten. Its head sticks, and sorts. */
export function DataTable<Row>(props: Props<Row>) {
  const { label, rows, rowId, error, onRetry, empty, hasMore = false, loadingMore = false, onMore } = props
  const { rowHeight = 44, initialSort, onAsk } = props
  const columns = useVisible(props.columns)
  const [sorting, setSorting] = useState<Sorting | undefined>(initialSort)
  const ownSorting = leftOf(columns, sorting, onAsk !== undefined)
  const sorted = useSortedRows(rows, columns, ownSorting)
  const frame = useRef<HTMLDivElement>(null)
  const [top, setTop] = useState(0)
  useEffect(() => {
    const measure = () => setTop(frame.current ? frame.current.getBoundingClientRect().top + window.scrollY : 0)
    measure()
    const watch = new ResizeObserver(measure)
    watch.observe(document.body)
    return () => watch.disconnect()
  }, [])
  const virtual = useWindowVirtualizer({
    count: sorted.length,
    estimateSize: () => rowHeight,
    overscan: 12,
    scrollMargin: top,
    scrollPaddingStart: 80,
    getItemKey: (index) => {
      const row = sorted[index]
      return row === undefined ? index : rowId(row)
    },
  })
  const sort = (next: Sorting | undefined) => {
    setSorting(next)
    onAsk?.(orderOf(columns, next))
    // Another order begins at its beginning.
    if (window.scrollY > top) window.scrollTo({ top })
  }
  const items = virtual.getVirtualItems()
  const lastSeen = items.at(-1)?.index ?? 0
  const nearEnd = lastSeen >= sorted.length - 20
  const wantsAll = ownSorting !== undefined && sorted.length < mostToSort
  useEffect(() => {
    if (rows && hasMore && !loadingMore && !error && (nearEnd || wantsAll)) onMore?.()
  }, [rows, hasMore, loadingMore, error, nearEnd, wantsAll, onMore])

  if (error != null && rows === undefined) return <ErrorState error={error} {...(onRetry && { onRetry })} />
  if (rows?.length === 0 && !hasMore) return empty
  return (
    <div ref={frame} className="data-table" aria-busy={rows === undefined}>
      <table aria-label={label} aria-rowcount={hasMore ? -1 : sorted.length + 1}>
        <DataTableHead columns={columns} sorting={sorting} onSort={sort} />
        <DataTableBody
          columns={columns}
          rows={rows === undefined ? undefined : sorted}
          items={items}
          before={(items[0]?.start ?? top) - top}
          after={virtual.getTotalSize() - ((items.at(-1)?.end ?? top) - top)}
          rowId={rowId}
          rowHeight={rowHeight}
          href={props.href}
          onReach={(index) => virtual.scrollToIndex(index)}
        />
      </table>
      {error != null ? (
        <ErrorState error={error} {...(onRetry && { onRetry })} />
      ) : (
        <div className="data-table-foot" role="status">
          {rows && footOf(sorted.length, hasMore, loadingMore, wantsAll)}
        </div>
      )}
    </div>
  )
}

/** The order to ask the API for, where it sorts by that column. */
function orderOf<Row>(columns: readonly Column<Row>[], sorting: Sorting | undefined): AskedOrder | undefined {
  const sort = columns.find(({ id }) => id === sorting?.id)?.askedBy
  return sort === undefined ? undefined : { sort, order: sorting?.desc ? 'desc' : 'asc' }
}

/** What is left to sort here. */
function leftOf<Row>(columns: readonly Column<Row>[], sorting: Sorting | undefined, asks: boolean) {
  return asks && orderOf(columns, sorting) ? undefined : sorting
}

function footOf(count: number, hasMore: boolean, loadingMore: boolean, sorting: boolean): string {
  const rows = `${count.toLocaleString('en')} ${count === 1 ? 'row' : 'rows'}`
  if (hasMore && sorting) return `${rows} so far: reading the rest to sort them all …`
  if (loadingMore) return `${rows} so far, reading more …`
  return hasMore ? `${rows} so far` : rows
}

/** Narrow screens leave out the columns that matter less. */
function useVisible<Row>(columns: readonly Column<Row>[]): readonly Column<Row>[] {
  const tablet = useMediaQuery('(min-width: 40em)', true, { getInitialValueInEffect: false })
  const desktop = useMediaQuery('(min-width: 64em)', true, { getInitialValueInEffect: false })
  const wide = useMediaQuery('(min-width: 96em)', true, { getInitialValueInEffect: false })
  return useMemo(() => {
    const fits = { tablet, desktop, wide }
    return columns.filter(({ from }) => from === undefined || fits[from])
  }, [columns, tablet, desktop, wide])
}
