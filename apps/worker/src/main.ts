import { createThresholdReader } from '@momentry/shared/anomalies/detect/thresholds.ts'
import { openBackupStorage } from '@momentry/shared/backup/storage/open.ts'
import { required } from '@momentry/shared/config.ts'
import { createIntegrations } from '@momentry/shared/integrations/systems.ts'
import { systemClock } from '@momentry/shared/platform/clock.ts'
import { createId } from '@momentry/shared/platform/id.ts'
import { startHeartbeat } from '@momentry/shared/platform/process/heartbeat.ts'
import { runProcess } from '@momentry/shared/platform/process/lifecycle.ts'
import { createMetrics } from '@momentry/shared/platform/process/metrics.ts'
import { serveMetrics } from '@momentry/shared/platform/process/metrics-server.ts'
import { createSeal } from '@momentry/shared/platform/seal.ts'
import { openStores } from '@momentry/shared/platform/stores.ts'
import { sharePartitions } from '@momentry/shared/streams/share.ts'
import { agreeOnPartitions } from '@momentry/shared/usage/agree-partitions.ts'
import { startBackingUp } from './back-up.ts'
import { showNewestBackup } from './backup-metric.ts'
import { createWorkerMetrics } from './metrics.ts'
import { startRotating } from './rotate.ts'
import { startRotatingElsewhere } from './rotate-elsewhere.ts'
import { startUpkeep } from './upkeep.ts'
import { watchPartition } from './watch-partition.ts'

await runProcess('worker', async (config, log, tracing) => {
  const { partitions } = config.usage
  const { settleSeconds, thresholds } = config.anomaly
  const seal = createSeal(required(config.masterKeys, 'MOMENTRY_MASTER_KEY'))
  const integrations = createIntegrations(config.integrations, systemClock)
  const stores = openStores('worker', config, log)
  await stores.ready
  const { names, postgres, redis } = stores
  await agreeOnPartitions(redis, names, partitions)
  const registry = createMetrics('worker')
  const metrics = createWorkerMetrics(registry)
  showNewestBackup(registry, postgres.pool)
  const server = await serveMetrics({ config, registry, healthy: () => redis.status === 'ready' })

  const consumer = createId()
  const readThresholds = createThresholdReader({ pool: postgres.pool, defaults: thresholds })
  const deps = { stores, consumer, readThresholds, settleSeconds, metrics, tracing, log }
  const share = sharePartitions({
    redis,
    holder: consumer,
    partitions,
    now: systemClock,
    leaseName: names.usageLease,
    membersName: names.usageWorkers,
    log,
    work: (partition, signal) => watchPartition(deps, partition, signal),
  })
  const upkeep = startUpkeep({ stores, config, integrations, seal, metrics, log })
  const rotating = startRotating({ stores, config, seal, metrics, tracing, log })
  const rotatingElsewhere = startRotatingElsewhere({ stores, config, integrations, seal, metrics, tracing, log })
  const storage = await openBackupStorage(config.backup)
  const backingUp = startBackingUp({ stores, config, storage, log })
  const heartbeat = startHeartbeat({ redis, names, app: 'worker', log })

  return {
    ready: server ? { metricsUrl: server.url } : {},
    async stop() {
      await Promise.all([share.close(), upkeep.close(), rotating.close(), rotatingElsewhere.close(), backingUp.close()])
      await storage.close()
      await integrations.close()
      await server?.close()
      await heartbeat.close()
      await stores.close()
    },
  }
})
