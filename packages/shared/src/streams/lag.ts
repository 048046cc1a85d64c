import { z } from 'zod'
import type { RedisClient } from '../platform/redis/client.ts'

/** How far behind the consumers of a stream are. */
export interface StreamLag {
  /** Entries on the stream: handed out or not, nobody has dealt with them. */
  length: number
  /** Of these, handed out and not acknowledged. */
  pending: number
}

const groups = z.array(z.array(z.unknown()))

/** Reads how much waits on a stream, over all of its consumer groups. */
export async function readLag(redis: RedisClient, stream: string): Promise<StreamLag> {
  const length = await redis.xlen(stream)
  if (length === 0) return { length, pending: 0 }
  const answer = groups.parse(await redis.call('XINFO', 'GROUPS', stream))
  const pending = answer.map((group) => Number(group[group.indexOf('pending') + 1] ?? 0))
  return { length, pending: pending.reduce((sum, count) => sum + count, 0) }
}
