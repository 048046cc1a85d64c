import type pg from 'pg'
import { listBackups } from '../../backup/list.ts'
import { openBackupStorage } from '../../backup/storage/open.ts'
import type { Config } from '../../config.ts'

export interface BackupsReading {
  /** Where they lie. */
  storage: string
  /** When the newest good one was made, ms since 1970; undefined: there is none. */
  newestAt: number | undefined
  count: number
  damaged: readonly number[]
  /** When the first key was made, ms since 1970: nothing had to be backed up before. */
  installedAt: number | undefined
}

/** @throws MomentryError `STORAGE_UNAVAILABLE` */
export async function readBackups(deps: {
  pool: pg.Pool
  config: Config['backup']
  masterKeys: readonly [string, ...string[]]
}): Promise<BackupsReading> {
  const { pool, config, masterKeys } = deps
  const { rows } = await pool.query<{ at: Date | null }>('SELECT min(created_at) AS at FROM api_keys')
  const storage = await openBackupStorage(config)
  try {
    const { backups, damaged } = await listBackups({ storage, masterKeys })
    const [newest] = backups
    return {
      storage: storage.describe(),
      newestAt: newest && Date.parse(newest.createdAt),
      count: backups.length,
      damaged: damaged.map(({ number }) => number),
      installedAt: rows[0]?.at?.getTime(),
    }
  } finally {
    await storage.close()
  }
}
