import { MomentryError } from '../errors.ts'
import type { BackupDeps } from './deps.ts'
import { type Manifest, manifestName, maxManifestBytes, readManifest } from './format/manifest.ts'
import { readFormat1 } from './format-1/read.ts'
import { type BackupInfo, infoOf } from './info.ts'
import { folderOf, numberOf } from './storage/names.ts'
import { readText } from './storage/read-text.ts'
import type { StoredFile } from './storage/storage.ts'

export interface BackupList {
  /** The newest first. */
  backups: BackupInfo[]
  /** Begun and not finished: under way, or left by somebody who died. */
  unfinished: number[]
  /** Finished once, and not as they were. */
  damaged: { number: number; reason: string }[]
}

/** Lists the backups of a storage. What is in their tables is not looked at. */
export async function listBackups(deps: Pick<BackupDeps, 'storage' | 'masterKeys'>): Promise<BackupList> {
  const files = await deps.storage.list()
  const list: BackupList = { backups: [], unfinished: [], damaged: [] }
  for (const [number, group] of [...groupFiles(files)].sort(([a], [b]) => b - a)) {
    try {
      const info = await findInfo(deps, number, group)
      if (info) list.backups.push(info)
      else list.unfinished.push(number)
    } catch (error) {
      if (!(error instanceof MomentryError) || error.code !== 'BACKUP_DAMAGED') throw error
      list.damaged.push({ number, reason: error.message })
    }
  }
  return list
}

/** Gives one of them. @throws MomentryError `BACKUP_NOT_FOUND`; `BACKUP_DAMAGED` */
export async function showBackup(
  deps: Pick<BackupDeps, 'storage' | 'masterKeys'>,
  number: number,
): Promise<BackupInfo> {
  const group = groupFiles(await deps.storage.list()).get(number) ?? []
  const info = await findInfo(deps, number, group)
  if (info) return info
  throw new MomentryError(
    'BACKUP_NOT_FOUND',
    group.length === 0 ? `there is no backup ${number}` : `backup ${number} was never finished`,
  )
}

/** Reads what a backup of format 2 says of itself. @throws MomentryError `BACKUP_NOT_FOUND`; `BACKUP_DAMAGED` */
export async function loadManifest(
  { storage, masterKeys }: Pick<BackupDeps, 'storage' | 'masterKeys'>,
  number: number,
): Promise<Manifest> {
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

async function findInfo(
  deps: Pick<BackupDeps, 'storage' | 'masterKeys'>,
  number: number,
  files: readonly StoredFile[],
): Promise<BackupInfo | undefined> {
  if (files.some(({ path }) => path.endsWith(`/${manifestName}`))) return infoOf(await loadManifest(deps, number))
  const document = files.find(({ path }) => path.endsWith('.json') && !path.includes('/'))
  if (!document) return undefined
  return (await readFormat1(deps.storage, document.path, number)).info
}

function groupFiles(files: readonly StoredFile[]): Map<number, StoredFile[]> {
  const groups = Map.groupBy(files, ({ path }) => numberOf(path) ?? 0)
  groups.delete(0)
  return groups
}
