import type { Output } from '../output/output.ts'
import type { TableColumn } from '../output/table.ts'

/** More than this belongs into a program that pages by itself. */
export const maxListed = 100_000

/** Shows a list: a table for people, `{data, pagination: {hasMore}}` for programs. */
export function listOutput<T>(
  out: Output,
  columns: readonly TableColumn<T>[],
  noun: string,
  { items, hasMore }: { items: readonly T[]; hasMore: boolean },
): void {
  if (out.json) out.document({ data: items, pagination: { hasMore } })
  else if (items.length === 0) out.note(`no ${noun}`)
  else out.table(columns, items)
  if (hasMore && !out.json) out.note(`only the first ${items.length} ${noun} are shown: --limit shows more`)
}
