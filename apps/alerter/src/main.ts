import { createId } from '@momentry/shared/platform/id.ts'
import { runProcess } from '@momentry/shared/platform/process/lifecycle.ts'
import { createMetrics } from '@momentry/shared/platform/process/metrics.ts'
import { serveMetrics } from '@momentry/shared/platform/process/metrics-server.ts'
import { openStores } from '@momentry/shared/platform/stores.ts'
import { agreeOnPartitions } from '@momentry/shared/usage/agree-partitions.ts'
import { deliverPartition } from './deliver-partition.ts'
import { createAlerterMetrics } from './metrics.ts'

await runProcess('alerter', async (config, log, tracing) => {
  const { partitions } = config.usage
  const stores = await openStores('alerter', config, log)
  await agreeOnPartitions(stores.redis, stores.names, partitions)
  const registry = createMetrics('alerter')
  const server = await serveMetrics({ config, registry, healthy: () => stores.redis.status === 'ready' })

  const abort = new AbortController()
  const route = async () => undefined
  const ended = async () => undefined
  const deps = { stores, consumer: createId(), route, ended, metrics: createAlerterMetrics(registry), tracing, log }
  const delivering = Array.from({ length: partitions }, (_, partition) =>
    deliverPartition(deps, partition, abort.signal),
  )

  return {
    ready: server ? { metricsUrl: server.url } : {},
    async stop() {
      abort.abort()
      await Promise.all(delivering)
      await server?.close()
      await stores.close()
    },
  }
})
