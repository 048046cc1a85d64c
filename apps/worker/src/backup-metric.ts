import { newestBackupAt } from '@momentry/shared/backup/jobs/newest.ts'
import type { Postgres } from '@momentry/shared/platform/postgres/client.ts'
import { Gauge, type Registry } from '@momentry/shared/platform/process/metrics.ts'

/** Shows when the newest backup was made, read when the metrics are. Left out where there is none, or nobody knows. */
export function showNewestBackup(registry: Registry, pool: Postgres['pool']): void {
  new Gauge({
    name: 'momentry_backup_newest_timestamp_seconds',
    help: 'When the newest backup was done that a worker made (seconds since 1970)',
    registers: [registry],
    async collect() {
      const at = await newestBackupAt(pool).catch(() => undefined)
      this.reset()
      if (at === undefined) this.remove()
      else this.set(at / 1000)
    },
  })
}
