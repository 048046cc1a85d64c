import type { Clock } from '../platform/clock.ts'
import type { BackupStorage } from './storage/storage.ts'

/** What making and reading backups needs. */
export interface BackupDeps {
  storage: BackupStorage
  /** The first one seals, all of them open. */
  masterKeys: readonly [string, ...string[]]
  now: Clock
  signal?: AbortSignal | undefined
  /** Told now and then how far the work is. */
  progress?: ((progress: BackupProgress) => void) | undefined
}

export interface DatabaseDeps extends BackupDeps {
  databaseUrl: string
}

export interface BackupProgress {
  table: string
  tablesDone: number
  tables: number
}
