import Table from 'cli-table3'
import { printable } from './printable.ts'
import type { Style } from './style.ts'

export interface TableColumn<T> {
  title: string
  value(row: T): string | number | null | undefined
  /** May be cut where the line is too short: a name or a text, never an id. */
  flexible?: boolean
  /** May be left out where even that is not enough, the last such column first. */
  optional?: boolean
  align?: 'left' | 'right'
}

export interface Terminal {
  width: number
  style(style: Style, text: string): string
}

/** The narrowest that a flexible column becomes. */
const leastWidth = 12

/** Characters between two columns. */
const gap = 2

/**
 * Renders rows as aligned columns: on a terminal no wider than it is, elsewhere with nothing cut or left out, so that
 * other programs get it whole.
 */
export function renderTable<T>(
  columns: readonly TableColumn<T>[],
  rows: readonly T[],
  terminal: Terminal | undefined,
): string {
  const measured = columns.map((column): MeasuredColumn => {
    const cells = rows.map((row) => printable(String(column.value(row) ?? '-')))
    const width = cells.reduce((most, cell) => Math.max(most, [...cell].length), column.title.length)
    const { title, flexible = false, optional = false, align = 'left' } = column
    return { title, cells, width, flexible, optional, align }
  })
  const shown = terminal ? fit(measured, terminal.width) : measured
  const table = new Table({
    head: shown.map(({ title }) => terminal?.style('bold', title) ?? title),
    colAligns: shown.map(({ align }) => align),
    colWidths: shown.map(({ width }) => width),
    chars: plain,
    style: { head: [], border: [], 'padding-left': 0, 'padding-right': 0, compact: true },
  })
  table.push(...rows.map((_, index) => shown.map(({ cells }) => cells[index] ?? '')))
  return table.toString().replace(/ +$/gm, '')
}

interface MeasuredColumn {
  title: string
  cells: readonly string[]
  width: number
  flexible: boolean
  optional: boolean
  align: 'left' | 'right'
}

/** Leaves out and narrows columns until they fit, as far as they may be. */
function fit(columns: readonly MeasuredColumn[], width: number): MeasuredColumn[] {
  const narrowest = columns.map((column) => ({ ...column, width: leastWidthOf(column) }))
  const last = columns.findLastIndex(({ optional }) => optional)
  if (lineWidth(narrowest) > width && last >= 0) return fit(columns.toSpliced(last, 1), width)
  let excess = lineWidth(columns) - width
  return columns.map((column) => {
    const cut = Math.max(0, Math.min(excess, column.width - leastWidthOf(column)))
    excess -= cut
    return { ...column, width: column.width - cut }
  })
}

function leastWidthOf({ flexible, width }: MeasuredColumn): number {
  return flexible ? Math.min(width, leastWidth) : width
}

function lineWidth(columns: readonly MeasuredColumn[]): number {
  return columns.reduce((sum, { width }) => sum + width + gap, -gap)
}

const plain = {
  top: '',
  'top-mid': '',
  'top-left': '',
  'top-right': '',
  bottom: '',
  'bottom-mid': '',
  'bottom-left': '',
  'bottom-right': '',
  left: '',
  'left-mid': '',
  mid: '',
  'mid-mid': '',
  right: '',
  'right-mid': '',
  middle: ' '.repeat(gap),
}
