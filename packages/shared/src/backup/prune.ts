import type { BackupDeps } from './deps.ts'
import { listBackups } from './list.ts'
import { chooseKept, type Keep } from './retention.ts'
import { numberOf } from './storage/names.ts'
import { removeBackup } from './storage/remove-backup.ts'

export interface Pruned {
  kept: number[]
  removed: number[]
  /** Begun by somebody who died; removed as well. */
  abandoned: number[]
}

/** Nobody works on a backup for longer without writing anything. */
const abandonedMs = 86_400_000

/**
 * Removes backups that are not kept, and what was never finished. A damaged one stays, for people to look at. Documents of
 * format 1 stay as well: nobody made them by schedule.
 * @param options.dryRun only tell
 */
export async function pruneBackups(
  deps: Pick<BackupDeps, 'storage' | 'masterKeys' | 'now'>,
  keep: Keep,
  { dryRun }: { dryRun: boolean },
): Promise<Pruned> {
  const { storage, now } = deps
  const { backups, unfinished } = await listBackups(deps)
  const kept = chooseKept(
    backups.filter(({ format }) => format === 2),
    keep,
  )
  const removed = backups.filter(({ format, number }) => format === 2 && !kept.has(number)).map(({ number }) => number)
  const files = await storage.list()
  const isAbandoned = (number: number) =>
    files.every(({ path, at }) => numberOf(path) !== number || at.getTime() < now() - abandonedMs)
  const abandoned = unfinished.filter(isAbandoned)
  if (!dryRun) for (const number of [...removed, ...abandoned]) await removeBackup(storage, number, files)
  return { kept: backups.map(({ number }) => number).filter((number) => !removed.includes(number)), removed, abandoned }
}
