import { setTimeout as delay } from 'node:timers/promises'
import { isPostgresUnavailable } from '@momentry/shared/platform/postgres/client.ts'
import type { Logger } from '@momentry/shared/platform/process/log.ts'
import { isRedisUnavailable } from '@momentry/shared/platform/redis/client.ts'
import type { ConsumerGroup, StreamEntry } from '@momentry/shared/streams/group.ts'

const entriesPerRead = 50
const blockMs = 1_000
/** What a fellow has held for this long without acknowledging it is taken over: it is dead, or stuck. */
const abandonedMs = 10_000
const retryMs = 250

export interface ConsumeFindingsDeps {
  group: ConsumerGroup
  deliver(entry: StreamEntry): Promise<void>
  log: Logger
}

/** Delivers the findings of one partition until the signal aborts; several alerters share them, in no order. */
export async function consumeFindings(
  { group, deliver, log }: ConsumeFindingsDeps,
  signal: AbortSignal,
): Promise<void> {
  let failing = false
  const step = async () => {
    await group.claim(abandonedMs)
    for (const entry of await group.readPending(entriesPerRead)) await deliver(entry)
    for (const entry of await group.readNew(entriesPerRead, blockMs)) await deliver(entry)
  }
  while (!signal.aborted) {
    try {
      await step()
      failing = false
    } catch (error) {
      if (!failing) report(log, error)
      failing = true
      await delay(retryMs, undefined, { signal }).catch(() => undefined)
    }
  }
}

function report(log: Logger, error: unknown): void {
  if (isRedisUnavailable(error) || isPostgresUnavailable(error)) log.warn({ err: error }, 'waiting for a store')
  else log.error({ err: error }, 'a delivery failed and is tried again')
}
