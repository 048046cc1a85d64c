import { setTimeout as delay } from 'node:timers/promises'
import { isPostgresUnavailable } from '../platform/postgres/client.ts'
import type { Logger } from '../platform/process/log.ts'
import { isRedisUnavailable } from '../platform/redis/client.ts'

const retryMs = 250

/**
 * Does a step again and again until the signal aborts, whatever fails: a store that is away comes back, and what was not
 * acknowledged is read again. Of failures in a row, the first is logged.
 */
export async function keepGoing(signal: AbortSignal, log: Logger, step: () => Promise<void>): Promise<void> {
  let failing = false
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
  else log.error({ err: error }, 'a step failed and is tried again')
}
