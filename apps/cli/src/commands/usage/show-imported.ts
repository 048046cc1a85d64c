import type { Imported } from '../../import/import-log.ts'
import type { ReadLog } from '../../import/read/read-log.ts'
import type { Output } from '../../output/output.ts'
import { printable } from '../../output/printable.ts'

/** Unreadable lines that people are shown; programs get up to 1,000. */
const maxShown = 20

/** A longer time has more hours than one answer of stats holds. */
const maxHoursMs = 60 * 86_400_000

/** Tells of the lines that could not be read, before the sending begins. */
export function showUnreadable(out: Output, { count, lines }: ReadLog['unreadable']): void {
  if (out.json) return
  for (const { line, reason, text } of lines.slice(0, maxShown)) {
    out.note(`line ${line}: ${reason}: ${printable(text)}${text.length < 100 ? '' : '…'}`)
  }
  if (count > maxShown)
    out.note(`… and ${count - maxShown} further lines that cannot be read (--json names up to 1000)`)
}

/** Tells what an import did, and what to look at next. */
export function showImported(out: Output, imported: Imported): void {
  if (out.json) {
    out.document(imported)
    return
  }
  const { lines, events, keys, unreadable, first, last, busiestKeyId } = imported
  if (imported.alreadyImportedAt !== undefined) {
    out.line(`already imported on ${imported.alreadyImportedAt}, nothing to do (--restart sends it again)`)
    return
  }
  out.line(`lines       ${lines}`)
  out.line(`events      ${events}`)
  out.line(`keys        ${keys.made} made, ${keys.reused} reused`)
  out.line(`unreadable  ${unreadable.count}`)
  out.line(`from        ${first}`)
  out.line(`to          ${last}`)
  out.line('')
  out.line('Look at it:')
  out.line('  momentry anomaly list')
  const end = new Date(Date.parse(last) + 1000).toISOString()
  const interval = Date.parse(last) - Date.parse(first) > maxHoursMs ? 'day' : 'hour'
  out.line(`  momentry api-key stats ${busiestKeyId} --from ${first} --to ${end} --interval ${interval}`)
}
