import { createLimiter, type Limiter, type LimiterDeps } from '@momentry/shared/limits/limiter.ts'
import { type KeyLimits, prepareLimits } from '@momentry/shared/limits/limits.ts'
import { createId } from '@momentry/shared/platform/id.ts'
import { createLogger } from '@momentry/shared/platform/process/log.ts'
import { closeRedis, createRedisFactory, type RedisClient, whenReady } from '@momentry/shared/platform/redis/client.ts'
import { createNames, type Names } from '@momentry/shared/platform/redis/names.ts'

export interface LimiterBench {
  names: Names
  redis: RedisClient
  /** As another process would have it: with a connection of its own. */
  create(clocks?: Partial<Pick<LimiterDeps, 'now' | 'steady'>>): Promise<Limiter>
  close(): Promise<void>
}

/** Makes limiters on one Redis. */
export async function createLimiterBench(url: string): Promise<LimiterBench> {
  const log = createLogger({ name: 'test', level: 'silent' })
  const names = createNames(`limits-${createId()}`)
  const createRedis = createRedisFactory({ url, name: 'test', log })
  const connections: RedisClient[] = []
  const limiters: Limiter[] = []
  const connect = async () => {
    const redis = createRedis('command')
    connections.push(redis)
    await whenReady(redis)
    return redis
  }
  return {
    names,
    redis: await connect(),
    async create(clocks = {}) {
      const limiter = createLimiter({ redis: await connect(), names, log, now: Date.now, ...clocks })
      limiters.push(limiter)
      return limiter
    },
    async close() {
      for (const limiter of limiters) await limiter.close()
      for (const redis of connections) await closeRedis(redis)
    },
  }
}

/** The limits of a policy. */
export function limitsOf(policy: Parameters<typeof prepareLimits>[0]): KeyLimits {
  const limits = prepareLimits(policy, undefined)
  if (!limits) throw new Error('this policy has no limits')
  return limits
}

/** Asks so many times at once, by turns; gives how many were let through. */
export async function burst(limiters: readonly Limiter[], times: number, question: Parameters<Limiter['take']>[0]) {
  const asked = Array.from({ length: times }, (_, n) => limiters[n % limiters.length]?.take(question))
  const outcomes = await Promise.all(asked)
  return outcomes.filter((outcome) => outcome?.refused === undefined).length
}
