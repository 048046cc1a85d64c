import type { RedisClient } from '../platform/redis/client.ts'
import type { Names } from '../platform/redis/names.ts'
import { quotaKey, quotaKeys, windowKey } from './keys.ts'
import { type KeyLimits, type LimitState, type QuotaRule, quotaName, type WindowRule, windowsAt } from './limits.ts'
import { periodAt } from './period.ts'

interface CountDeps {
  redis: RedisClient
  names: Names
}

/**
 * Reads what a key has left of its limits, over all processes. What a process has reserved counts as used.
 * @param now ms since 1970
 * @throws what Redis throws where it is away
 */
export async function readCounts(
  { redis, names }: CountDeps,
  { keyId, limits, now }: { keyId: string; limits: KeyLimits | undefined; now: number },
): Promise<LimitState[]> {
  if (!limits) return []
  const windows = windowsAt(limits, now).map((rule) => readWindow(redis, windowKey(names, keyId, rule), rule))
  const { quota } = limits
  return Promise.all([
    ...windows,
    ...(quota ? [readQuota(redis, quotaKey(names, keyId, quota.refill), quota, now)] : []),
  ])
}

/** Lets a key begin anew in the windows that hold and in its quota. @throws what Redis throws where it is away */
export async function clearCounts(
  { redis, names }: CountDeps,
  { keyId, windows }: { keyId: string; windows: readonly WindowRule[] },
): Promise<void> {
  await redis.del([...windows.map((rule) => windowKey(names, keyId, rule)), ...quotaKeys(names, keyId)])
}

async function readWindow(redis: RedisClient, key: string, { name, limit, windowMs }: WindowRule): Promise<LimitState> {
  const [[used], endsInMs] = await Promise.all([redis.hmget(key, 'used'), redis.pttl(key)])
  return {
    name,
    limit,
    remaining: Math.max(0, limit - Number(used ?? 0)),
    resetSeconds: Math.max(0, Math.ceil(endsInMs / 1000)),
    windowSeconds: windowMs / 1000,
  }
}

async function readQuota(
  redis: RedisClient,
  key: string,
  { limit, refill }: QuotaRule,
  now: number,
): Promise<LimitState> {
  const [used, endsAt] = await redis.hmget(key, 'used', 'ends')
  const { start, end } = periodAt(refill, now)
  const isOver = Number(endsAt ?? 0) <= now
  return {
    name: quotaName,
    limit,
    remaining: isOver ? limit : Math.max(0, limit - Number(used ?? 0)),
    resetSeconds: Math.ceil(((isOver ? end : Number(endsAt)) - now) / 1000),
    windowSeconds: (end - start) / 1000,
  }
}
