import { publishAlert } from '@momentry/shared/anomalies/publish.ts'
import { recordFinding } from '@momentry/shared/anomalies/record.ts'
import { required } from '@momentry/shared/config.ts'
import { createId } from '@momentry/shared/platform/id.ts'
import { createPostgres } from '@momentry/shared/platform/postgres/client.ts'
import { runProcess } from '@momentry/shared/platform/process/lifecycle.ts'
import { createMetrics } from '@momentry/shared/platform/process/metrics.ts'
import { serveMetrics } from '@momentry/shared/platform/process/metrics-server.ts'
import { closeRedis, createRedisFactory, releaseOnAbort, whenReady } from '@momentry/shared/platform/redis/client.ts'
import { createNames } from '@momentry/shared/platform/redis/names.ts'
import { bury, maxDeliveries } from '@momentry/shared/streams/bury.ts'
import { finishEntry } from '@momentry/shared/streams/finish.ts'
import { createConsumerGroup } from '@momentry/shared/streams/group.ts'
import { agreeOnPartitions } from '@momentry/shared/usage/agree-partitions.ts'
import { consumeFindings } from './consume-findings.ts'
import { deliver } from './deliver.ts'
import { createAlerterMetrics } from './metrics.ts'

const groupName = 'alerters'

await runProcess('alerter', async (config, log) => {
  const names = createNames(config.redisPrefix)
  const postgres = createPostgres({
    url: required(config.databaseUrl, 'DATABASE_URL'),
    poolSize: config.databasePoolSize,
    applicationName: 'momentry-alerter',
    log,
  })
  const createRedis = createRedisFactory({ url: required(config.redisUrl, 'REDIS_URL'), name: 'momentry-alerter', log })
  const registry = createMetrics('alerter')
  const metrics = createAlerterMetrics(registry)

  const redis = createRedis('command')
  const consumer = createId()
  const abort = new AbortController()
  await whenReady(redis)
  await agreeOnPartitions(redis, names, config.usage.partitions)
  const server = await serveMetrics({ config, registry, healthy: () => redis.status === 'ready' })

  const consumePartition = async (partition: number) => {
    const reader = createRedis('blocking')
    releaseOnAbort(reader, abort.signal)
    const place = { stream: names.anomalyStream(partition), dead: names.anomalyDead(partition), group: groupName }
    const group = createConsumerGroup({ redis: reader, stream: place.stream, group: groupName, consumer })
    const giveUpOn = async (id: string, why: string) => {
      if ((await group.deliveries(id)) < maxDeliveries) return false
      await bury(redis, place, id, why)
      log.error({ entry: id }, 'a finding that cannot be read went to the dead-letter stream')
      return true
    }
    const deps = {
      record: (finding: Parameters<typeof recordFinding>[1]) => recordFinding(postgres.pool, finding, new Date()),
      sinks: [(alert: Parameters<typeof publishAlert>[2]) => publishAlert(redis, names, alert)],
      acknowledge: (id: string) => finishEntry(redis, place, id),
      giveUpOn,
      metrics,
      log,
    }
    try {
      await consumeFindings({ group, deliver: (entry) => deliver(deps, entry), log }, abort.signal)
    } finally {
      await closeRedis(reader)
    }
  }
  const consuming = Array.from({ length: config.usage.partitions }, (_, partition) => consumePartition(partition))

  return {
    ready: server ? { metricsUrl: server.url } : {},
    async stop() {
      abort.abort()
      await Promise.all(consuming)
      await server?.close()
      await closeRedis(redis)
      await postgres.close()
    },
  }
})
