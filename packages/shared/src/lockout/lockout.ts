import { LRUCache } from 'lru-cache'
import { RateLimiterRedis, RateLimiterRes } from 'rate-limiter-flexible'
import { MomentryError } from '../errors.ts'
import type { Clock } from '../platform/clock.ts'
import type { Logger } from '../platform/process/log.ts'
import type { RedisClient } from '../platform/redis/client.ts'
import type { Names } from '../platform/redis/names.ts'
import { lockoutSubject } from './subject.ts'

/** Locks addresses that guess (DESIGN.md section 5). An address that is undefined or no address is never locked. */
export interface Lockout {
  /** Asks this process's memory alone. @throws MomentryError `LOCKED_OUT`, with the seconds that are left */
  refuseLocked(address: string | undefined): void
  /** Counts a failed attempt, over all processes. @throws MomentryError `LOCKED_OUT` where it is one too many */
  countFailure(address: string | undefined): Promise<void>
}

export interface LockoutDeps {
  redis: RedisClient
  names: Names
  log: Logger
  now: Clock
  maxAttempts: number
  windowSeconds: number
}

/** Addresses that one process remembers at the most, so that nobody can fill its memory with them. */
const capacity = 50_000

interface Window {
  failures: number
  endsAt: number
}

/**
 * A window begins with an address's first failure and is not moved by later ones; a success does not clear it. While
 * Redis is away, each process counts by itself.
 */
export function createLockout(deps: LockoutDeps): Lockout {
  const { now, maxAttempts, windowSeconds, log } = deps
  const limiter = new RateLimiterRedis({
    storeClient: deps.redis,
    keyPrefix: deps.names.lockoutPrefix,
    points: maxAttempts,
    duration: windowSeconds,
    rejectIfRedisNotReady: true,
  })
  /** When each locked address is free again. */
  const locked = new LRUCache<string, number>({ max: capacity })
  /** Failures that Redis could not be told of. */
  const alone = new LRUCache<string, Window>({ max: capacity })

  const countAlone = (subject: string): Window => {
    const kept = alone.get(subject)
    const window = kept && kept.endsAt > now() ? kept : { failures: 0, endsAt: now() + windowSeconds * 1000 }
    window.failures++
    alone.set(subject, window)
    return window
  }

  const count = async (subject: string): Promise<Window> => {
    try {
      const counted = await limiter.consume(subject)
      return { failures: counted.consumedPoints, endsAt: now() + counted.msBeforeNext }
    } catch (outcome) {
      if (outcome instanceof RateLimiterRes)
        return { failures: outcome.consumedPoints, endsAt: now() + outcome.msBeforeNext }
      log.debug({ err: outcome }, 'failed attempts are counted by this process alone')
      return countAlone(subject)
    }
  }

  const refuse = (endsAt: number): never => {
    throw new MomentryError('LOCKED_OUT', 'too many failed attempts from this address', {
      retryAfterSeconds: Math.max(1, Math.ceil((endsAt - now()) / 1000)),
    })
  }

  return {
    refuseLocked(address) {
      const subject = address === undefined ? undefined : lockoutSubject(address)
      const endsAt = subject === undefined ? undefined : locked.get(subject)
      if (endsAt !== undefined && endsAt > now()) refuse(endsAt)
    },
    async countFailure(address) {
      const subject = address === undefined ? undefined : lockoutSubject(address)
      if (subject === undefined) return
      const window = await count(subject)
      if (window.failures < maxAttempts) return
      if ((locked.get(subject) ?? 0) <= now()) log.warn({ address: subject }, 'an address is locked out')
      locked.set(subject, window.endsAt)
      if (window.failures > maxAttempts) refuse(window.endsAt)
    },
  }
}
