import type { Key } from '../../api/shapes.ts'
import type { Output } from '../../output/output.ts'
import { printable } from '../../output/printable.ts'
import { renderTable, type TableColumn } from '../../output/table.ts'
import type { ChosenKeys } from './choose-keys.ts'

const maxShown = 20

const columns: readonly TableColumn<Key>[] = [
  { title: 'name', value: (key) => key.name, flexible: true },
  { title: 'id', value: (key) => key.id },
  { title: 'type', value: (key) => key.type },
  { title: 'owner', value: (key) => key.ownerId, flexible: true, optional: true },
]

/** Shows, as a remark, what a rotation of many keys would touch. */
export function showChosen(out: Output, { keys, left }: ChosenKeys): void {
  if (left) out.note(`left out: "${printable(left.name)}", the key that you ask with (--include-self takes it, too)`)
  if (keys.length === 0) {
    out.note('no active keys match')
    return
  }
  out.note(`${keys.length} active ${keys.length === 1 ? 'key matches' : 'keys match'}:`)
  const terminal = out.errorIsTerminal ? { width: out.width, style: (_style: string, text: string) => text } : undefined
  out.note(renderTable(columns, keys.slice(0, maxShown), terminal))
  if (keys.length > maxShown) out.note(`… and ${keys.length - maxShown} more`)
}
