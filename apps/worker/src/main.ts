import { createThresholdReader } from '@momentry/shared/anomalies/detect/thresholds.ts'
import { createWatcher } from '@momentry/shared/anomalies/detect/watch.ts'
import { required } from '@momentry/shared/config.ts'
import { systemClock } from '@momentry/shared/platform/clock.ts'
import { createId } from '@momentry/shared/platform/id.ts'
import { createPostgres } from '@momentry/shared/platform/postgres/client.ts'
import { runProcess } from '@momentry/shared/platform/process/lifecycle.ts'
import { createMetrics } from '@momentry/shared/platform/process/metrics.ts'
import { serveMetrics } from '@momentry/shared/platform/process/metrics-server.ts'
import { closeRedis, createRedisFactory, releaseOnAbort, whenReady } from '@momentry/shared/platform/redis/client.ts'
import { createNames } from '@momentry/shared/platform/redis/names.ts'
import { bury } from '@momentry/shared/streams/bury.ts'
import { createConsumerGroup } from '@momentry/shared/streams/group.ts'
import { sharePartitions } from '@momentry/shared/streams/share.ts'
import { agreeOnPartitions } from '@momentry/shared/usage/agree-partitions.ts'
import { createWindowStore } from '@momentry/shared/usage/windows.ts'
import { consumePartition } from './consume-partition.ts'
import { createWorkerMetrics } from './metrics.ts'
import { startUpkeep } from './upkeep.ts'

const groupName = 'workers'

await runProcess('worker', async (config, log) => {
  const names = createNames(config.redisPrefix)
  const postgres = createPostgres({
    url: required(config.databaseUrl, 'DATABASE_URL'),
    poolSize: config.databasePoolSize,
    applicationName: 'momentry-worker',
    log,
  })
  const createRedis = createRedisFactory({ url: required(config.redisUrl, 'REDIS_URL'), name: 'momentry-worker', log })
  const registry = createMetrics('worker')
  const metrics = createWorkerMetrics(registry)
  const redis = createRedis('command')
  await whenReady(redis)
  await agreeOnPartitions(redis, names, config.usage.partitions)

  const consumer = createId()
  const readThresholds = createThresholdReader({ pool: postgres.pool, defaults: config.anomaly.thresholds })

  const work = async (partition: number, signal: AbortSignal) => {
    const reader = createRedis('blocking')
    releaseOnAbort(reader, signal)
    const place = { stream: names.usageStream(partition), dead: names.usageDead(partition), group: groupName }
    const store = createWindowStore({ redis, names, partition, group: groupName, consumer })
    try {
      await consumePartition(
        {
          group: createConsumerGroup({ redis: reader, stream: place.stream, group: groupName, consumer }),
          watcher: createWatcher({
            store,
            readThresholds,
            settleSeconds: config.anomaly.settleSeconds,
            now: systemClock,
            log,
          }),
          bury: (id, why) => bury(redis, place, id, why),
          metrics,
          log: log.child({ partition }),
        },
        signal,
      )
    } finally {
      await closeRedis(reader)
    }
  }

  const share = sharePartitions({
    redis,
    holder: consumer,
    partitions: config.usage.partitions,
    leaseName: names.usageLease,
    membersName: names.usageWorkers,
    log,
    work,
  })
  const upkeep = startUpkeep({ config, createRedis, redis, postgres, names, metrics, log })
  const server = await serveMetrics({ config, registry, healthy: () => redis.status === 'ready' })

  return {
    ready: server ? { metricsUrl: server.url } : {},
    async stop() {
      await Promise.all([share.close(), upkeep.close()])
      await server?.close()
      await closeRedis(redis)
      await postgres.close()
    },
  }
})
