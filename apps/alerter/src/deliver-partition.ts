import { publishAlert } from '@momentry/shared/alerts/publish.ts'
import { type RouteAlert, recordAlert } from '@momentry/shared/alerts/record.ts'
import type { Finding } from '@momentry/shared/anomalies/finding.ts'
import { recordFinding } from '@momentry/shared/anomalies/record.ts'
import { systemContext } from '@momentry/shared/keys/changes/system-context.ts'
import type { Logger } from '@momentry/shared/platform/process/log.ts'
import { closeRedis } from '@momentry/shared/platform/redis/client.ts'
import type { Stores } from '@momentry/shared/platform/stores.ts'
import type { Tracing } from '@momentry/shared/platform/tracing/tracing.ts'
import { actOnAnomaly } from '@momentry/shared/rotation/policy/act.ts'
import { createAnnouncer } from '@momentry/shared/rotation/queue.ts'
import { bury, maxDeliveries } from '@momentry/shared/streams/bury.ts'
import { finishEntry } from '@momentry/shared/streams/finish.ts'
import { createConsumerGroup } from '@momentry/shared/streams/group.ts'
import { consumeFindings } from './consume-findings.ts'
import { type DeliverDeps, deliver } from './deliver.ts'
import type { AlerterMetrics } from './metrics.ts'
import { traceDelivery } from './trace-delivery.ts'

const groupName = 'alerters'

export interface DeliverPartitionDeps {
  stores: Stores
  /** Names this process among its fellows. */
  consumer: string
  /** Makes the messages to sinks that follow from an alert. */
  route: RouteAlert
  /** Makes those that follow from the end of an anomaly. */
  ended(finding: Finding): Promise<void>
  metrics: AlerterMetrics
  tracing: Tracing
  log: Logger
}

/** Delivers one partition's findings until the signal aborts, over a reading connection of its own. */
export async function deliverPartition(
  deps: DeliverPartitionDeps,
  partition: number,
  signal: AbortSignal,
): Promise<void> {
  const { stores, consumer, metrics, tracing, log } = deps
  const { names, postgres, redis } = stores
  const place = { stream: names.anomalyStream(partition), dead: names.anomalyDead(partition), group: groupName }
  const reader = stores.createRedis('blocking')
  const group = createConsumerGroup({ redis: reader, stream: place.stream, group: groupName, consumer })

  const context = systemContext(stores, 'alerter', log)
  const announce = createAnnouncer({ redis, names, log })
  const delivery: DeliverDeps = {
    record: (finding) => recordFinding(postgres.pool, finding, new Date()),
    ended: deps.ended,
    keep: async (alert) => (await recordAlert({ db: postgres.db, now: context.now, route: deps.route }, alert)).alert,
    publish: (alert) => publishAlert(redis, names, alert),
    act: ({ data }) => actOnAnomaly({ ...context, traceparent: tracing.current() }, { announce }, data),
    acknowledge: (id) => finishEntry(redis, place, id),
    async giveUpOn(id, why) {
      if ((await group.deliveries(id)) < maxDeliveries) return false
      await bury(redis, place, id, why)
      log.error({ entry: id }, 'a finding that cannot be read went to the dead-letter stream')
      return true
    },
    metrics,
    log,
  }
  try {
    const traced = traceDelivery(tracing, partition, (entry) => deliver(delivery, entry))
    await consumeFindings({ group, deliver: traced, log }, signal)
  } finally {
    await closeRedis(reader)
  }
}
