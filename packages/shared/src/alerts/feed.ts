import type { Logger } from '../platform/process/log.ts'
import type { RedisClient } from '../platform/redis/client.ts'
import type { Names } from '../platform/redis/names.ts'
import { type Alert, alertSchema } from './alert.ts'

/** The alerts of the channel, passed on to any number of listeners within this process. */
export interface AlertFeed {
  /** @returns ends the listening */
  listen(listener: (alert: Alert) => void): () => void
  listeners(): number
}

/**
 * Follows the channel for as long as the process lives; after an outage of Redis the connection subscribes again by
 * itself. What is published meanwhile is missed here, as on the channel itself: the rows in Postgres have it.
 * @param deps.redis a connection of the role `subscriber`, for this alone
 */
export function createAlertFeed({ redis, names, log }: { redis: RedisClient; names: Names; log: Logger }): AlertFeed {
  const listeners = new Set<(alert: Alert) => void>()
  redis.on('message', (channel: string, message: string) => {
    if (channel !== names.alertChannel) return
    const alert = read(message)
    if (!alert) log.error('a message on the alert channel could not be read')
    else for (const listener of listeners) listener(alert)
  })
  redis
    .subscribe(names.alertChannel)
    .catch((error: unknown) => log.warn({ err: error }, 'the alert channel is out of reach'))
  return {
    listen(listener) {
      listeners.add(listener)
      return () => void listeners.delete(listener)
    },
    listeners: () => listeners.size,
  }
}

function read(message: string): Alert | undefined {
  try {
    return alertSchema.safeParse(JSON.parse(message)).data
  } catch {
    return undefined
  }
}
