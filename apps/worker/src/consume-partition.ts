import { setTimeout as delay } from 'node:timers/promises'
import type { Watcher } from '@momentry/shared/anomalies/detect/watch.ts'
import { isPostgresUnavailable } from '@momentry/shared/platform/postgres/client.ts'
import type { Logger } from '@momentry/shared/platform/process/log.ts'
import { isRedisUnavailable } from '@momentry/shared/platform/redis/client.ts'
import { maxDeliveries } from '@momentry/shared/streams/bury.ts'
import type { ConsumerGroup, StreamEntry } from '@momentry/shared/streams/group.ts'
import { readEntries } from '@momentry/shared/usage/read-entries.ts'
import type { WorkerMetrics } from './metrics.ts'

const entriesPerRead = 100
const blockMs = 500
const retryMs = 250

export interface ConsumePartitionDeps {
  group: ConsumerGroup
  watcher: Watcher
  bury(id: string, why: string): Promise<void>
  metrics: WorkerMetrics
  log: Logger
}

/**
 * Consumes one partition's stream in order until the signal aborts: first what was handed out and never finished, by
 * whomever, then what is new, and keys that wait for silence in between. Whatever fails is read again and tried again.
 */
export async function consumePartition(deps: ConsumePartitionDeps, signal: AbortSignal): Promise<void> {
  const { group, watcher, metrics, log } = deps
  let recovering = true
  let failing = false

  const step = async () => {
    if (recovering) await group.claim(0)
    const pending = recovering ? await group.readPending(entriesPerRead) : []
    recovering = pending.length > 0
    const entries = recovering ? pending : await group.readNew(entriesPerRead, blockMs)
    if (entries.length === 0) {
      metrics.judged(await watcher.judgeDue())
      return
    }
    // Until all of them are committed, the next step begins with what is left of them.
    recovering = true
    recovering = !(await takeAll(deps, entries))
  }

  while (!signal.aborted) {
    try {
      await step()
      failing = false
    } catch (error) {
      recovering = true
      if (!failing) report(log, error)
      failing = true
      await delay(retryMs, undefined, { signal }).catch(() => undefined)
    }
  }
}

/** Takes entries batch by batch; tells whether all of them are done. */
async function takeAll(deps: ConsumePartitionDeps, entries: readonly StreamEntry[]): Promise<boolean> {
  let rest = entries
  while (rest.length > 0) {
    const batch = readEntries(rest)
    if (batch.entryIds.length > 0) {
      const outcome = await deps.watcher.take(batch)
      deps.metrics.committed(outcome)
      if (!outcome) return false
    }
    if (batch.unreadable) {
      await giveUpOn(deps, batch.unreadable)
      return false
    }
    rest = rest.slice(batch.entryIds.length)
  }
  return true
}

/** An entry that cannot be read may be for a newer version than this one, so it is left for a few deliveries. */
async function giveUpOn(
  { group, bury, metrics, log }: ConsumePartitionDeps,
  entry: { id: string; why: string },
): Promise<void> {
  const deliveries = await group.deliveries(entry.id)
  if (deliveries < maxDeliveries) {
    await delay(retryMs)
    return
  }
  await bury(entry.id, entry.why)
  metrics.buried()
  log.error({ entry: entry.id, deliveries }, 'an entry that cannot be read went to the dead-letter stream')
}

function report(log: Logger, error: unknown): void {
  if (isRedisUnavailable(error) || isPostgresUnavailable(error)) log.warn({ err: error }, 'waiting for a store')
  else log.error({ err: error }, 'a batch failed and is tried again')
}
