import { PassThrough } from 'node:stream'
import { MomentryError } from '../errors.ts'
import type { BackupDeps } from './deps.ts'
import type { Manifest, TableEntry } from './format/manifest.ts'
import { loadManifest, showBackup } from './list.ts'
import { compareRows, type RowChange } from './tables/compare-rows.ts'
import { readTable } from './tables/read-table.ts'

export interface TableDiff {
  name: string
  rowsBefore: number
  rowsAfter: number
  added: number
  removed: number
  changed: number
  /** Primary keys of some of them. */
  samples: string[]
}

const maxSamples = 5

/**
 * Tells what changed from one backup to another, table by table, by primary keys. Both are read once, side by side. A table
 * without a primary key, which is none of Momentry's, is left out.
 * @throws MomentryError `BACKUP_NOT_FOUND`, `BACKUP_DAMAGED`; `CONFLICT` where one is of format 1, which is in no order
 */
export async function diffBackups(deps: BackupDeps, before: number, after: number): Promise<TableDiff[]> {
  const [from, to] = [await load(deps, before), await load(deps, after)]
  const names = [...new Set([...from.tables, ...to.tables].map(({ name }) => name))]
  const diffs: TableDiff[] = []
  for (const [done, name] of names.entries()) {
    deps.progress?.({ table: name, tablesDone: done, tables: names.length })
    const diff = await diffTable(deps, name, from, to)
    if (diff) diffs.push(diff)
  }
  return diffs
}

async function load(deps: BackupDeps, number: number): Promise<Manifest> {
  const { format } = await showBackup(deps, number)
  if (format === 1) throw new MomentryError('CONFLICT', `backup ${number} is of format 1, which cannot be compared`)
  return loadManifest(deps, number)
}

async function diffTable(deps: BackupDeps, name: string, from: Manifest, to: Manifest): Promise<TableDiff | undefined> {
  const [old, present] = [from, to].map(({ tables }) => tables.find((table) => table.name === name))
  const diff: TableDiff = {
    name,
    rowsBefore: old?.rows ?? 0,
    rowsAfter: present?.rows ?? 0,
    ...{ added: 0, removed: 0, changed: 0, samples: [] },
  }
  if (!old || !present) return { ...diff, added: diff.rowsAfter, removed: diff.rowsBefore }
  const primaryKey = commonKey(old, present)
  if (primaryKey.length === 0) return undefined
  const sides = [stream(deps, from, old), stream(deps, to, present)] as const
  try {
    const options = { columns: [old.columns, present.columns] as const, primaryKey }
    for await (const { kind, key } of compareRows(...sides, options)) note(diff, kind, key)
    return diff
  } finally {
    // Where one side fails, nobody reads the other one to its end.
    for (const side of sides) side.destroy()
  }
}

/** Both are in the order of the shorter one, if the other goes on from it: a later version may have changed a key. */
function commonKey({ primaryKey: one }: TableEntry, { primaryKey: other }: TableEntry): string[] {
  const shorter = one.length < other.length ? one : other
  return shorter.every((column, at) => one[at] === column && other[at] === column) ? shorter : []
}

function note(diff: TableDiff, kind: RowChange['kind'], key: string): void {
  diff[kind] += 1
  if (diff.samples.length < maxSamples) diff.samples.push(key)
}

/** The table's text; fails where it is damaged. */
function stream(deps: BackupDeps, manifest: Manifest, table: TableEntry): PassThrough {
  const out = new PassThrough()
  readTable(deps, manifest, table, out).catch((error: Error) => out.destroy(error))
  // Whoever reads it hears of that; before and after, nobody does.
  out.on('error', () => undefined)
  return out
}
