import { styleText } from 'node:util'
import type { Host } from '../host.ts'
import type { Style } from './style.ts'
import { renderTable, type TableColumn } from './table.ts'

/** Where a command's results (standard output) and its remarks (standard error) go. */
export interface Output {
  /** Results are for programs: one JSON document, or one a line where they keep coming. */
  json: boolean
  /** A person looks at the results. */
  isTerminal: boolean
  /** A person looks at the remarks. */
  errorIsTerminal: boolean
  /** Characters of a line. */
  width: number
  line(text: string): void
  document(value: unknown): void
  /** One JSON document on a line of its own. */
  documentLine(value: unknown): void
  note(text: string): void
  table<T>(columns: readonly TableColumn<T>[], rows: readonly T[]): void
  /** Colours a text for standard output, where it goes to a terminal and NO_COLOR is not set. */
  style(style: Style, text: string): string
}

/** @param json whether `--json` was given */
export function createOutput(stdout: Host['stdout'], stderr: Host['stderr'], json: boolean): Output {
  const isTerminal = stdout.isTTY === true
  const width = isTerminal ? Math.max(60, stdout.columns ?? 0) : 100
  const line = (text: string) => void stdout.write(`${text}\n`)
  const style = (format: Style, text: string) => styleText(format, text, { stream: stdout })
  return {
    json,
    isTerminal,
    errorIsTerminal: stderr.isTTY === true,
    width,
    line,
    document: (value) => line(JSON.stringify(value, undefined, 2)),
    documentLine: (value) => line(JSON.stringify(value)),
    note: (text) => void stderr.write(`${text}\n`),
    table: (columns, rows) => line(renderTable(columns, rows, isTerminal ? { width, style } : undefined)),
    style,
  }
}
