import type { RedisClient } from '../platform/redis/client.ts'
import type { Names } from '../platform/redis/names.ts'
import { type Lock, locksAtOnce, publishLocks } from './channel.ts'

/** Addresses that one process, and Redis, remember at the most, so that nobody can fill their memory with them. */
export const capacity = 50_000

export interface SharedLocks {
  redis: RedisClient
  names: Names
}

/** Writes locks down for processes that start later, and tells those that run. */
export async function shareLocks({ redis, names }: SharedLocks, locks: readonly Lock[], now: number): Promise<void> {
  for (let at = 0; at < locks.length; at += locksAtOnce) {
    const some = locks.slice(at, at + locksAtOnce)
    await redis.zadd(names.lockedAddresses, ...some.flatMap(([subject, endsAt]) => [endsAt, subject]))
    await publishLocks(redis, names, some)
  }
  if (locks.length === 0) return
  // What is over goes, and of the rest the locks that end first: an attacker must not fill Redis with addresses either.
  await redis.zremrangebyscore(names.lockedAddresses, '-inf', now)
  await redis.zremrangebyrank(names.lockedAddresses, 0, -capacity - 1)
}

/** Reads the locks that hold now. */
export async function readShared({ redis, names }: SharedLocks, now: number): Promise<Map<string, number>> {
  return toMap(await redis.zrangebyscore(names.lockedAddresses, now, '+inf', 'WITHSCORES', 'LIMIT', 0, capacity))
}

/** In place of an address where all were cleared. */
const everyone = '*'

const clearedKey = ({ names }: SharedLocks) => `${names.lockoutPrefix}:cleared`

/**
 * Notes that an address, or all (null), was cleared, for as long as a lock from before can last: a process that was cut
 * off meanwhile must not bring it back.
 * @param until when the last lock from before would have ended (ms)
 */
export async function noteCleared(
  shared: SharedLocks,
  subject: string | null,
  { until, now }: { until: number; now: number },
): Promise<void> {
  await shared.redis.zremrangebyscore(clearedKey(shared), '-inf', subject === null ? until : now)
  await shared.redis.zadd(clearedKey(shared), until, subject ?? everyone)
}

/** Gives what tells whether a lock was cleared, by that one's end: an address can be locked again after it was freed. */
export async function readCleared(shared: SharedLocks, now: number): Promise<(lock: Lock) => boolean> {
  const cleared = toMap(await shared.redis.zrangebyscore(clearedKey(shared), now, '+inf', 'WITHSCORES'))
  return ([subject, endsAt]) => endsAt <= Math.max(cleared.get(subject) ?? 0, cleared.get(everyone) ?? 0)
}

function toMap(scored: readonly string[]): Map<string, number> {
  const found = new Map<string, number>()
  for (let at = 0; at < scored.length; at += 2) found.set(scored[at] ?? '', Number(scored[at + 1]))
  return found
}
