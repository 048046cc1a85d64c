import type { Logger } from '../platform/process/log.ts'
import type { RedisClient } from '../platform/redis/client.ts'
import type { Names } from '../platform/redis/names.ts'

/** The BullMQ queue, and the `queue` of the jobs' rows. */
export const queueName = 'rotations'

/** Tries of one rotation before a person has to look: with back-off, about 15 s. A store that is away makes none the last. */
export const maxAttempts = 6

/** Wakes the workers. Never throws: they look by themselves as well, a second later. */
export type Announce = () => Promise<void>

/** Gives what tells workers, once a rotation is committed, that there is one. */
export function createAnnouncer(deps: { redis: RedisClient; names: Names; log: Logger }): Announce {
  return async () => {
    try {
      await deps.redis.publish(deps.names.rotationChannel, '')
    } catch (error) {
      deps.log.warn({ err: error }, 'workers could not be told of a rotation; they will find it')
    }
  }
}
