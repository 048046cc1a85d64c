import { createAlertSender } from '@momentry/shared/alerts/send.ts'
import { createBackupRunner } from '@momentry/shared/backup/jobs/run.ts'
import { takeBackupJobs } from '@momentry/shared/backup/jobs/take.ts'
import { backupQueue } from '@momentry/shared/backup/jobs/work.ts'
import type { BackupStorage } from '@momentry/shared/backup/storage/storage.ts'
import { type Config, required } from '@momentry/shared/config.ts'
import { systemContext } from '@momentry/shared/keys/changes/system-context.ts'
import { systemClock } from '@momentry/shared/platform/clock.ts'
import type { Logger } from '@momentry/shared/platform/process/log.ts'
import type { Stores } from '@momentry/shared/platform/stores.ts'
import { workOnRows } from './work-on-rows.ts'

export interface BackUpDeps {
  stores: Stores
  config: Pick<Config, 'databaseUrl' | 'masterKeys' | 'usage'>
  storage: BackupStorage
  log: Logger
}

/** Works on backups until it is closed: one at a time, over all workers. */
export function startBackingUp({ stores, config, storage, log }: BackUpDeps): { close(): Promise<void> } {
  const { names, postgres, redis } = stores
  const stopping = new AbortController()
  const run = createBackupRunner({
    context: systemContext(stores, 'worker', log),
    backup: {
      databaseUrl: required(config.databaseUrl, 'DATABASE_URL'),
      masterKeys: required(config.masterKeys, 'MOMENTRY_MASTER_KEY'),
      storage,
      now: systemClock,
      signal: stopping.signal,
    },
    sendAlert: createAlertSender({ redis, names, partitions: config.usage.partitions }),
    log,
  })
  const working = workOnRows(
    { stores, log },
    {
      queue: backupQueue,
      concurrency: 1,
      attempts: 1,
      take: (limit) => takeBackupJobs(postgres.db, limit),
      giveBack: async () => undefined,
      work: run,
    },
  )
  return {
    async close() {
      stopping.abort()
      await working.close()
    },
  }
}
