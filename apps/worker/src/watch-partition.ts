import type { ReadThresholds } from '@momentry/shared/anomalies/detect/thresholds.ts'
import { createWatcher } from '@momentry/shared/anomalies/detect/watch.ts'
import { systemClock } from '@momentry/shared/platform/clock.ts'
import type { Logger } from '@momentry/shared/platform/process/log.ts'
import { closeRedis } from '@momentry/shared/platform/redis/client.ts'
import type { Stores } from '@momentry/shared/platform/stores.ts'
import type { Tracing } from '@momentry/shared/platform/tracing/tracing.ts'
import { bury } from '@momentry/shared/streams/bury.ts'
import { createConsumerGroup } from '@momentry/shared/streams/group.ts'
import { createWindowStore } from '@momentry/shared/usage/windows.ts'
import { consumePartition } from './consume-partition.ts'
import type { WorkerMetrics } from './metrics.ts'
import { createWatcherTrace } from './trace-watcher.ts'

const groupName = 'workers'

export interface WatchPartitionDeps {
  stores: Stores
  /** Names this process among its fellows. */
  consumer: string
  readThresholds: ReadThresholds
  settleSeconds: number
  metrics: WorkerMetrics
  tracing: Tracing
  log: Logger
}

/** Watches one partition's usage until the signal aborts, over a reading connection of its own. */
export async function watchPartition(deps: WatchPartitionDeps, partition: number, signal: AbortSignal): Promise<void> {
  const { stores, consumer, readThresholds, settleSeconds, metrics, tracing, log } = deps
  const { names, redis } = stores
  const place = { stream: names.usageStream(partition), dead: names.usageDead(partition), group: groupName }
  const reader = stores.createRedis('blocking')
  const store = createWindowStore({ redis, names, partition, group: groupName, consumer })
  const trace = createWatcherTrace(tracing, partition)
  const watcher = createWatcher({
    ...{ store, readThresholds, settleSeconds, now: systemClock, log },
    ...(trace && { traceOf: trace.traceOf }),
  })
  try {
    await consumePartition(
      {
        group: createConsumerGroup({ redis: reader, stream: place.stream, group: groupName, consumer }),
        watcher: trace ? trace.wrap(watcher) : watcher,
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
