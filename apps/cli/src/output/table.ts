import Table from 'cli-table3'
import type { Style } from './output.ts'
import { printable } from './printable.ts'

export interface TableColumn<T> {
  title: string
  value(row: T): string | number | null | undefined
  /** May be cut where the line is too short: a name or a text, never an id. */
  flexible?: boolean
  align?: 'left' | 'right'
}

export interface Terminal {
  width: number
  style(style: Style, text: string): string
}

/** The narrowest that a flexible column becomes. */
const leastWidth = 12

/**
 * Renders rows: on a terminal with rules between the columns and no wider than it; elsewhere as aligned plain columns,
 * nothing cut, so that other programs get it whole.
 */
export function renderTable<T>(
  columns: readonly TableColumn<T>[],
  rows: readonly T[],
  terminal: Terminal | undefined,
): string {
  const cells = rows.map((row) => columns.map((column) => printable(String(column.value(row) ?? '-'))))
  const colAligns = columns.map((column) => column.align ?? 'left')
  const titles = columns.map((column) => column.title)
  if (!terminal) {
    const table = new Table({ head: titles, colAligns, chars: plain, style: noStyle })
    table.push(...cells)
    return withoutTrailingSpace(table.toString())
  }
  const colWidths = fit(columns, cells, terminal.width)
  const head = titles.map((title) => terminal.style('bold', title))
  const table = new Table({ head, colAligns, colWidths, style: { head: [], border: [] } })
  table.push(...cells)
  return table.toString()
}

/** Gives each column's width with its padding, so that all of them and their rules fit into a line. */
function fit<T>(columns: readonly TableColumn<T>[], cells: readonly string[][], width: number): number[] {
  const natural = columns.map((column, index) => {
    const longest = cells.reduce((most, row) => Math.max(most, [...(row[index] ?? '')].length), column.title.length)
    return longest + 2
  })
  const rules = columns.length + 1
  let excess = natural.reduce((sum, each) => sum + each, rules) - width
  return natural.map((each, index) => {
    if (!columns[index]?.flexible || excess <= 0) return each
    const cut = Math.min(excess, Math.max(0, each - leastWidth))
    excess -= cut
    return each - cut
  })
}

function withoutTrailingSpace(text: string): string {
  return text.replace(/ +$/gm, '')
}

const noStyle = { head: [], border: [], 'padding-left': 0, 'padding-right': 0, compact: true }

const plain = {
  ...{ top: '', 'top-mid': '', 'top-left': '', 'top-right': '' },
  ...{ bottom: '', 'bottom-mid': '', 'bottom-left': '', 'bottom-right': '' },
  ...{ left: '', 'left-mid': '', mid: '', 'mid-mid': '', right: '', 'right-mid': '', middle: '  ' },
}
