import { MomentryError } from '../errors.ts'
import { isRedisUnavailable, type RedisClient } from '../platform/redis/client.ts'
import type { Names } from '../platform/redis/names.ts'

/**
 * Makes sure that every process has the same number of partitions: one that writes to more than another reads would lose
 * events from sight. The first to start sets it. While Redis is away nothing is checked: nothing can be written either.
 * @throws MomentryError `CONFIG_INVALID` where the others have another number
 */
export async function agreeOnPartitions(redis: RedisClient, names: Names, partitions: number): Promise<void> {
  const agreed = await redis.set(names.partitionCount, partitions, 'NX', 'GET').catch((error: unknown) => {
    if (isRedisUnavailable(error)) return null
    throw error
  })
  if (agreed === null || Number(agreed) === partitions) return
  throw new MomentryError(
    'CONFIG_INVALID',
    `USAGE_PARTITIONS: is ${partitions} here and ${agreed} in the processes that share this Redis; ` +
      `to change it, stop all of them once their streams are empty and delete ${names.partitionCount}`,
  )
}
