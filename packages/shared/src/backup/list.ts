import { MomentryError } from '../errors.ts'
import type { BackupDeps } from './deps.ts'
import { type Manifest, manifestName, maxManifestBytes, readManifest } from './format/manifest.ts'
import { type Document, readDocument } from './format-1/read.ts'
import { type BackupInfo, infoOf, infoOfDocument } from './info.ts'
import { folderOf, numberOf } from './storage/names.ts'
import { readText } from './storage/read-text.ts'
import type { StoredFile } from './storage/storage.ts'

type Deps = Pick<BackupDeps, 'storage' | 'masterKeys'>

export interface BackupList {
  /** The newest first. */
  backups: BackupInfo[]
  /** Begun and not finished: under way, or left by somebody who died. */
  unfinished: number[]
  /** Finished once, and not as they were. */
  damaged: { number: number; reason: string }[]
}

/** Lists the backups of a storage. What is in their tables is not looked at. */
export async function listBackups(deps: Deps): Promise<BackupList> {
  const files = await deps.storage.list()
  const list: BackupList = { backups: [], unfinished: [], damaged: [] }
  for (const [number, group] of [...groupFiles(files)].sort(([a], [b]) => b - a)) {
    try {
      const found = findIn(deps, group)
      if (found) list.backups.push(await infoOfFound(deps, number, found))
      else list.unfinished.push(number)
    } catch (error) {
      if (!(error instanceof MomentryError)) throw error
      // One that is not there any more was pruned since the files were listed.
      if (error.code === 'BACKUP_DAMAGED') list.damaged.push({ number, reason: error.message })
      else if (error.code !== 'BACKUP_NOT_FOUND') throw error
    }
  }
  return list
}

/** Gives one of them. @throws MomentryError `BACKUP_NOT_FOUND`; `BACKUP_DAMAGED` */
export async function showBackup(deps: Deps, number: number): Promise<BackupInfo> {
  return infoOfFound(deps, number, await findBackup(deps, number))
}

/** Where a backup lies: a folder with a manifest, or a document. */
export type FoundBackup = { format: 2 } | { format: 1; document: Document }

/** Looks for a backup that was finished. @throws MomentryError `BACKUP_NOT_FOUND` */
export async function findBackup(deps: Deps, number: number): Promise<FoundBackup> {
  const files = groupFiles(await deps.storage.list()).get(number) ?? []
  const found = findIn(deps, files)
  if (found) return found
  throw new MomentryError(
    'BACKUP_NOT_FOUND',
    files.length === 0 ? `there is no backup ${number}` : `backup ${number} was never finished`,
  )
}

/** Reads what a backup of format 2 says of itself. @throws MomentryError `BACKUP_NOT_FOUND`; `BACKUP_DAMAGED` */
export async function loadManifest({ storage, masterKeys }: Deps, number: number): Promise<Manifest> {
  const path = `${folderOf(number)}/${manifestName}`
  const text = await readText(storage, path, maxManifestBytes)
  try {
    const manifest = readManifest(text, masterKeys)
    if (manifest.number !== number) throw new Error('it belongs to another backup')
    return manifest
  } catch (error) {
    throw new MomentryError(
      'BACKUP_DAMAGED',
      `${path}: ${error instanceof Error ? error.message : 'it cannot be read'}`,
    )
  }
}

function findIn({ storage }: Deps, files: readonly StoredFile[]): FoundBackup | undefined {
  if (files.some(({ path }) => path.endsWith(`/${manifestName}`))) return { format: 2 }
  const file = files.find(({ path }) => path.endsWith('.json') && !path.includes('/'))
  if (!file) return undefined
  return { format: 1, document: { path: file.path, bytes: file.bytes, open: () => storage.read(file.path) } }
}

async function infoOfFound(deps: Deps, number: number, found: FoundBackup): Promise<BackupInfo> {
  if (found.format === 2) return infoOf(await loadManifest(deps, number))
  return infoOfDocument(number, found.document, await readDocument(found.document))
}

function groupFiles(files: readonly StoredFile[]): Map<number, StoredFile[]> {
  const groups = Map.groupBy(files, ({ path }) => numberOf(path) ?? 0)
  groups.delete(0)
  return groups
}
