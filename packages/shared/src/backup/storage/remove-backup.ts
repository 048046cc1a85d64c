import { manifestName } from '../format/manifest.ts'
import { folderOf } from './names.ts'
import type { BackupStorage, StoredFile } from './storage.ts'

/** Removes a backup. The manifest goes first: what is left of a removal that was cut off is no backup. */
export async function removeBackup(
  storage: BackupStorage,
  number: number,
  files: readonly StoredFile[],
): Promise<void> {
  const manifest = `${folderOf(number)}/${manifestName}`
  const own = files.map(({ path }) => path).filter((path) => path.startsWith(`${folderOf(number)}/`))
  for (const path of own.toSorted((a, b) => Number(b === manifest) - Number(a === manifest))) await storage.remove(path)
}
