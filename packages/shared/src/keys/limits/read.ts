import { readCounts } from '../../limits/counts.ts'
import { type LimitState, prepareLimits } from '../../limits/limits.ts'
import type { Context } from '../../platform/context.ts'
import type { RedisClient } from '../../platform/redis/client.ts'
import type { Names } from '../../platform/redis/names.ts'
import { getKey } from '../get.ts'

export interface LimitsOfKey {
  keyId: string
  /** What is left of each; what processes have reserved counts as used. */
  limits: LimitState[]
  throttledUntil: string | null
}

/** Reads what a key has left of its limits. @throws MomentryError `KEY_NOT_FOUND`; what Redis throws where it is away */
export async function readLimits(
  context: Context,
  deps: { redis: RedisClient; names: Names },
  id: string,
): Promise<LimitsOfKey> {
  const { id: keyId, throttledUntil, policy } = await getKey(context, id)
  const limits = prepareLimits(policy, throttledUntil === null ? undefined : Date.parse(throttledUntil))
  return { keyId, limits: await readCounts(deps, { keyId, limits, now: context.now() }), throttledUntil }
}
