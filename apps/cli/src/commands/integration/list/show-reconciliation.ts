import type { Reconciliation } from '../../../api/shapes/integration.ts'
import type { Output } from '../../../output/output.ts'
import { printable } from '../../../output/printable.ts'
import type { CliSystem } from '../systems.ts'
import { credentialColumns } from './columns.ts'

/**
 * Shows what is tracked and there, and below it how the two differ, a line each.
 * @param adopt the ids that were to be taken in, where they were named
 */
export function showReconciliation(
  out: Output,
  { collection, noun, title }: CliSystem,
  found: Reconciliation,
  adopt: readonly string[],
): void {
  if (found.data.length === 0) out.note(`no ${collection} of ${printable(found.owner)} are tracked`)
  else out.table(credentialColumns, found.data)
  for (const { name, id } of found.adopted)
    out.line(`${out.style('green', 'taken in')}  ${printable(name)} (${id}) is tracked now`)
  for (const { name } of found.removed)
    out.line(`${out.style('yellow', 'removed')}   ${printable(name)}: a ${noun} whose creation was not answered`)
  for (const { name, id } of found.gone)
    out.line(`${out.style('red', 'gone')}      ${printable(name)} (${id}) is not on ${title} any more`)
  for (const { name, remoteId } of found.unknown)
    out.line(`${out.style('yellow', 'unknown')}   ${printable(name)} (${printable(remoteId)} there) is not tracked`)
  if (found.unknown.length > 0) out.note('--adopt takes in what is unknown; --adopt ID,ID only these.')
  const taken = new Set(found.adopted.map(({ remoteId }) => remoteId))
  for (const id of adopt.filter((id) => !taken.has(id))) out.note(`nothing untracked has the id ${id} on ${title}`)
}
