import { setTimeout as delay } from 'node:timers/promises'
import type { Watcher } from '@momentry/shared/anomalies/detect/watch.ts'
import type { Logger } from '@momentry/shared/platform/process/log.ts'
import { maxDeliveries } from '@momentry/shared/streams/bury.ts'
import type { ConsumerGroup, StreamEntry } from '@momentry/shared/streams/group.ts'
import { keepGoing } from '@momentry/shared/streams/keep-going.ts'
import { readEntries } from '@momentry/shared/usage/read-entries.ts'
import type { WorkerMetrics } from './metrics.ts'

const entriesPerRead = 100
const blockMs = 500
/** How long an entry that cannot be read is left alone between two deliveries. */
const unreadableMs = 250

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

  const step = async () => {
    if (recovering) await group.claim(0)
    const left = recovering ? await group.readPending(entriesPerRead) : []
    const entries = left.length > 0 ? left : await group.readNew(entriesPerRead, blockMs)
    // Until all that was read is committed, also where this step fails, the next one begins with what is left.
    recovering = true
    if (entries.length === 0) metrics.judged(await watcher.judgeDue())
    recovering = !(await takeAll(deps, entries)) || left.length > 0
  }

  await keepGoing(signal, log, step)
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
    await delay(unreadableMs)
    return
  }
  await bury(entry.id, entry.why)
  metrics.buried()
  log.error({ entry: entry.id, deliveries }, 'an entry that cannot be read went to the dead-letter stream')
}
