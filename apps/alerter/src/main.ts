import { resolveOnSinks } from '@momentry/shared/alert-sinks/routing/resolve.ts'
import { routeAlert } from '@momentry/shared/alert-sinks/routing/route.ts'
import { createSenders } from '@momentry/shared/alert-sinks/senders/senders.ts'
import { required } from '@momentry/shared/config.ts'
import { systemContext } from '@momentry/shared/keys/changes/system-context.ts'
import { createId } from '@momentry/shared/platform/id.ts'
import { startHeartbeat } from '@momentry/shared/platform/process/heartbeat.ts'
import { runProcess } from '@momentry/shared/platform/process/lifecycle.ts'
import { createMetrics } from '@momentry/shared/platform/process/metrics.ts'
import { serveMetrics } from '@momentry/shared/platform/process/metrics-server.ts'
import { createSeal } from '@momentry/shared/platform/seal.ts'
import { openStores } from '@momentry/shared/platform/stores.ts'
import { agreeOnPartitions } from '@momentry/shared/usage/agree-partitions.ts'
import { deliverPartition } from './deliver-partition.ts'
import { createAlerterMetrics } from './metrics.ts'
import { sendAlerts } from './send-alerts.ts'
import { createSendMetrics } from './send-metrics.ts'

await runProcess('alerter', async (config, log, tracing) => {
  const { partitions } = config.usage
  const stores = openStores('alerter', config, log)
  await stores.ready
  await agreeOnPartitions(stores.redis, stores.names, partitions)
  const registry = createMetrics('alerter')
  const server = await serveMetrics({ config, registry, healthy: () => stores.redis.status === 'ready' })

  const abort = new AbortController()
  const ended = ({ id }: { id: string }) =>
    stores.postgres.db.transaction(async (tx) => void (await resolveOnSinks(tx, id, new Date())))
  const metrics = createAlerterMetrics(registry)
  const deps = { stores, consumer: createId(), route: routeAlert, ended, metrics, tracing, log }
  const delivering = Array.from({ length: partitions }, (_, partition) =>
    deliverPartition(deps, partition, abort.signal),
  )
  const context = systemContext(stores, 'alerter', log)
  const senders = createSenders({ ...config.alertSinks, consoleUrl: config.consoleUrl, now: context.now, log })
  const seal = createSeal(required(config.masterKeys, 'MOMENTRY_MASTER_KEY'))
  const sending = sendAlerts({ stores, context, seal, senders, metrics: createSendMetrics(registry, context), log })
  const heartbeat = startHeartbeat({ redis: stores.redis, names: stores.names, app: 'alerter', log })

  return {
    ready: server ? { metricsUrl: server.url } : {},
    async stop() {
      abort.abort()
      await Promise.all([...delivering, sending.close()])
      await senders.close()
      await server?.close()
      await heartbeat.close()
      await stores.close()
    },
  }
})
