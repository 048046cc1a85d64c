import { type Finding, judgeFact, ok } from '../finding.ts'
import type { PartedTable, SchemaReading } from './read-schema.ts'

/** Its day is made with the first row of it (`audit/append.ts`), so none is missing before. */
const madeWhenWritten = new Set(['api_key_audit_log'])

/** @param now ms */
export function judgeSchema({ known, applied, tables }: SchemaReading, now: number): Finding[] {
  const pending = known.filter((made) => !applied.includes(made)).length
  const unknown = applied.filter((made) => !known.includes(made)).length
  return [
    judgeFact(
      'schema.migrations',
      pending === 0,
      `${known.length - pending} of ${known.length} applied`,
      'run `momentry migrate`',
    ),
    judgeFact(
      'schema.version',
      unknown === 0,
      unknown === 0 ? 'none that this version does not know' : `${unknown} that this version does not know`,
      "a newer version has been here: use that one's processes, and its doctor",
      'warning',
    ),
    ...tables.map((table) => judgeTable(table, now)),
  ]
}

/** There must be a place for the rows of now, and of the period after. */
function judgeTable({ name, hasDefault, partitions }: PartedTable, now: number): Finding {
  const check = `schema.partitions.${name}`
  const newest = partitions.at(-1)
  const figure = `${partitions.length}${newest ? `, up to ${newest.to.toISOString().slice(0, 10)}` : ''}`
  if (madeWhenWritten.has(name)) return ok(check, figure)
  const isThere = (at: number) => partitions.some(({ from, to }) => from.getTime() <= at && at < to.getTime())
  const advice = 'start a worker: its job `make-months` makes them each hour; look at its log where it does not'
  if (!isThere(now))
    return { check, level: hasDefault ? 'warning' : 'failed', figure: `none for now (${figure})`, advice }
  const present = partitions.find(({ from, to }) => from.getTime() <= now && now < to.getTime())
  const isReady = isThere(present?.to.getTime() ?? now)
  return judgeFact(check, isReady, isReady ? figure : `none for what comes next (${figure})`, advice, 'warning')
}
