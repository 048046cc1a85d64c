import { MomentryError } from '../errors.ts'
import { isRedisUnavailable, type RedisClient } from '../platform/redis/client.ts'
import type { Names } from '../platform/redis/names.ts'
import { loadScript } from '../platform/redis/script.ts'
import { encodeEntry } from './entry.ts'
import { isCounted, type UsageEvent } from './event.ts'
import { partitionOf } from './partition.ts'

const appendScript = loadScript(new URL('./append.lua', import.meta.url))

/**
 * Appends the events of one request to the streams, each partition's part at most once however often it is called.
 * @param requestId names the request; the same for each try of it
 * @param markerSeconds how long a repetition is recognised
 * @param traceparent of what caused them, where it is traced
 * @throws MomentryError `REDIS_UNAVAILABLE` where any part may not have been taken; call again with the same id then
 */
export type AppendUsage = (
  requestId: string,
  events: readonly UsageEvent[],
  markerSeconds: number,
  traceparent?: string,
) => Promise<void>

export function createUsageAppender(deps: { redis: RedisClient; names: Names; partitions: number }): AppendUsage {
  const { redis, names, partitions } = deps
  return async (requestId, events, markerSeconds, traceparent = '') => {
    const parts = Map.groupBy(events, (event) => partitionOf(event.keyId, partitions))
    const appends = [...parts].map(([p, part]) =>
      appendScript(
        redis,
        [names.usageStream(p), names.usageMarker(p, requestId), names.usageBooks(p)],
        [encodeEntry(part), markerSeconds, part.filter(isCounted).length, traceparent],
      ),
    )
    const failed = (await Promise.allSettled(appends)).find((outcome) => outcome.status === 'rejected')
    if (!failed) return
    if (!isRedisUnavailable(failed.reason)) throw failed.reason
    throw new MomentryError('REDIS_UNAVAILABLE', 'usage cannot be taken just now; send the same request again', {
      retryAfterSeconds: 1,
      cause: failed.reason,
    })
  }
}
