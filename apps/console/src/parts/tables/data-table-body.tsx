import { Skeleton } from '@mantine/core'
import type { VirtualItem } from '@tanstack/react-virtual'
import type { KeyboardEvent, MouseEvent } from 'react'
import { Link, useLocation } from 'wouter'
import type { Column } from './use-sorted-rows.ts'

interface Props<Row> {
  columns: readonly Column<Row>[]
  rows: readonly Row[] | undefined
  items: readonly VirtualItem[]
  /** Height of the rows above and below those that are drawn, in pixels. */
  before: number
  after: number
  rowId: (row: Row) => string
  rowHeight: number
  href: ((row: Row) => string) | undefined
  /** Brings a row that is not drawn into view. */
  onReach: (index: number) => void
}

/** The rows that are in view. Arrow keys, Home and End go from row to row. */
export function DataTableBody<Row>(props: Props<Row>) {
  const { columns, rows, items, before, after, rowId, rowHeight, href, onReach } = props
  const [, go] = useLocation()
  if (rows === undefined) return <Waiting columns={columns} rowHeight={rowHeight} />

  const onKeyDown = (event: KeyboardEvent<HTMLTableSectionElement>) => {
    const to = target(event, rows.length)
    if (to === undefined) return
    event.preventDefault()
    const body = event.currentTarget
    onReach(to)
    // The row is drawn once the page has scrolled.
    requestAnimationFrame(() =>
      requestAnimationFrame(() =>
        body.querySelector<HTMLElement>(`[data-index="${to}"] a, [data-index="${to}"] button`)?.focus(),
      ),
    )
  }

  return (
    <tbody onKeyDown={onKeyDown}>
      {before > 0 && <Gap height={before} />}
      {items.map(({ index }) => {
        const row = rows[index]
        if (row === undefined) return null
        const to = href?.(row)
        return (
          <tr
            key={rowId(row)}
            data-index={index}
            data-link={to ? true : undefined}
            aria-rowindex={index + 2}
            style={{ height: rowHeight }}
            onClick={to ? (event) => follow(event, to, go) : undefined}
          >
            {columns.map(({ id, cell, align }, place) => (
              <td key={id} data-align={align}>
                {to && place === 0 ? (
                  <Link href={to} className="data-table-link">
                    {cell(row)}
                  </Link>
                ) : (
                  cell(row)
                )}
              </td>
            ))}
          </tr>
        )
      })}
      {after > 0 && <Gap height={after} />}
    </tbody>
  )
}

/** Stands for the rows that are not drawn. */
function Gap({ height }: { height: number }) {
  return (
    <tr>
      <td style={{ height, padding: 0, border: 0 }} />
    </tr>
  )
}

function Waiting<Row>({ columns, rowHeight }: { columns: readonly Column<Row>[]; rowHeight: number }) {
  return (
    <tbody>
      {Array.from({ length: 8 }, (_, row) => (
        // biome-ignore lint/suspicious/noArrayIndexKey: they are all alike
        <tr key={row} style={{ height: rowHeight }}>
          {columns.map(({ id }, place) => (
            <td key={id}>
              <Skeleton height={12} width={place === 0 ? '70%' : '50%'} />
            </td>
          ))}
        </tr>
      ))}
    </tbody>
  )
}

/** A click on a row goes to its page; what is in it keeps its own clicks, and marked text stays marked. */
function follow(event: MouseEvent<HTMLElement>, to: string, go: (to: string) => void): void {
  if (event.defaultPrevented || !(event.target instanceof HTMLElement)) return
  if (event.target.closest('a, button, input, label, [role="menuitem"]') || getSelection()?.type === 'Range') return
  if (event.metaKey || event.ctrlKey) window.open(`/console${to}`, '_blank', 'noopener')
  else go(to)
}

function target(event: KeyboardEvent<HTMLElement>, count: number): number | undefined {
  const row = event.target instanceof HTMLElement ? event.target.closest<HTMLElement>('[data-index]') : null
  if (!row || !(event.target instanceof HTMLElement) || event.target.closest('input, textarea')) return undefined
  const index = Number(row.dataset['index'])
  const moves: Record<string, number> = { ArrowDown: index + 1, ArrowUp: index - 1, Home: 0, End: count - 1 }
  const to = moves[event.key]
  return to === undefined ? undefined : Math.min(count - 1, Math.max(0, to))
}
