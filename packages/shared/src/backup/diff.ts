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
 * Tells what changed from one backup to another, table by table, by primary keys. Both are read once, side by side.
 * @throws MomentryError `BACKUP_NOT_FOUND`, `BACKUP_DAMAGED`; `CONFLICT` where one is of format 1, which is in no order
 */
export async function diffBackups(deps: BackupDeps, before: number, after: number): Promise<TableDiff[]> {
  const [from, to] = [await load(deps, before), await load(deps, after)]
  const names = [...new Set([...from.tables, ...to.tables].map(({ name }) => name))]
  const diffs: TableDiff[] = []
  for (const [done, name] of names.entries()) {
    deps.progress?.({ table: name, tablesDone: done, tables: names.length })
    diffs.push(await diffTable(deps, name, from, to))
  }
  return diffs
}

async function load(deps: BackupDeps, number: number): Promise<Manifest> {
  const { format } = await showBackup(deps, number)
  if (format === 1) throw new MomentryError('CONFLICT', `backup ${number} is of format 1, which cannot be compared`)
  return loadManifest(deps, number)
}

async function diffTable(deps: BackupDeps, name: string, from: Manifest, to: Manifest): Promise<TableDiff> {
  const [old, present] = [from, to].map(({ tables }) => tables.find((table) => table.name === name))
  const diff: TableDiff = {
    name,
    rowsBefore: old?.rows ?? 0,
    rowsAfter: present?.rows ?? 0,
    ...{ added: 0, removed: 0, changed: 0, samples: [] },
  }
  // Where neither its rows nor its columns are others, its text is the same, and there is nothing to read.
  if (!old || !present) return { ...diff, added: diff.rowsAfter, removed: diff.rowsBefore }
  const changes = compareRows(stream(deps, from, old), stream(deps, to, present), {
    columns: [old.columns, present.columns],
    primaryKey: present.primaryKey,
  })
  for await (const { kind, key } of changes) note(diff, kind, key)
  return diff
}

function note(diff: TableDiff, kind: RowChange['kind'], key: string): void {
  diff[kind] += 1
  if (diff.samples.length < maxSamples) diff.samples.push(key)
}

/** The table's text; fails where it is damaged. */
function stream(deps: BackupDeps, manifest: Manifest, table: TableEntry): AsyncIterable<Buffer> {
  const out = new PassThrough()
  readTable(deps, manifest, table, out).catch((error: Error) => out.destroy(error))
  return out
}
