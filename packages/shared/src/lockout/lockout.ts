import { RateLimiterRedis, RateLimiterRes } from 'rate-limiter-flexible'
import { MomentryError } from '../errors.ts'
import type { Clock } from '../platform/clock.ts'
import { createGrowingCache } from '../platform/growing-cache.ts'
import type { Logger } from '../platform/process/log.ts'
import type { RedisClient } from '../platform/redis/client.ts'
import type { Names } from '../platform/redis/names.ts'
import { createLocks } from './locks.ts'
import { capacity } from './shared-locks.ts'
import { createStuffingCounter } from './stuffing.ts'
import { lockoutSubject } from './subject.ts'

/** Locks addresses that guess (DESIGN.md section 5). An address that is undefined or no address is never locked. */
export interface Lockout {
  /** Asks this process's memory alone. @throws MomentryError `LOCKED_OUT`, with the seconds that are left */
  refuseLocked(address: string | undefined): void
  /**
   * Counts a secret that failed: a guess, over all processes, for the lockout, and any for stuffing.
   * @throws MomentryError `LOCKED_OUT` where it is one guess too many
   */
  countFailure(failure: Failure): Promise<void>
  /** Locked addresses that this process knows of. */
  size(): number
  /** Ends the following of other processes' locks; the connections stay their owner's to close. */
  close(): void
}

export interface Failure {
  address: string | undefined
  /** SHA-256 of what was sent. */
  digest: Buffer
  /** It is no secret of ours. One that is known, however dead, was not guessed. */
  isGuess: boolean
}

/** Something about an address that people should know. */
export interface AddressFinding {
  /** As it is counted: IPv6 by its /64. */
  address: string
  observed: number
  threshold: number
  /** When the window, and a lock with it, ends; milliseconds since 1970. */
  endsAt: number
}

export interface LockoutDeps {
  redis: RedisClient
  /** A connection of the role `subscriber`. Whoever else listens on it sees to it that one which died is noticed. */
  subscriber: RedisClient
  names: Names
  log: Logger
  now: Clock
  maxAttempts: number
  windowSeconds: number
  stuffingSecrets: number
  /** Told once of each lock, by the process that made it. */
  onLocked(finding: AddressFinding): void
  onStuffing(finding: AddressFinding): void
}

interface Window {
  failures: number
  endsAt: number
}

/**
 * A window begins with an address's first failure and is not moved by later ones; a success does not clear it. While
 * Redis is away, each process counts by itself; what it locks then, it tells the others when Redis is back.
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
  const noteSecret = createStuffingCounter({ ...deps, threshold: deps.stuffingSecrets })
  /** Failures that Redis could not be told of. Of the library's own fallback nothing bounds the memory. */
  const alone = createGrowingCache<string, Window>(capacity)
  const locks = createLocks({
    ...deps,
    onClear: (subject) => (subject === undefined ? alone.clear() : alone.delete(subject)),
  })

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

  /** Nobody waits for it, and while Redis is away nobody is told. */
  const lookForStuffing = async (subject: string, digest: Buffer) => {
    if (!(await noteSecret(subject, digest))) return
    const { stuffingSecrets: threshold } = deps
    deps.onStuffing({ address: subject, observed: threshold, threshold, endsAt: now() + windowSeconds * 1000 })
  }

  const refuse = (endsAt: number): never => {
    throw new MomentryError('LOCKED_OUT', 'too many failed attempts from this address', {
      retryAfterSeconds: Math.max(1, Math.ceil((endsAt - now()) / 1000)),
    })
  }

  return {
    refuseLocked(address) {
      if (address === undefined || locks.none()) return
      const subject = lockoutSubject(address)
      const endsAt = subject === undefined ? undefined : locks.endOf(subject)
      if (endsAt !== undefined) refuse(endsAt)
    },
    async countFailure({ address, digest, isGuess }) {
      const subject = address === undefined ? undefined : lockoutSubject(address)
      if (subject === undefined) return
      void lookForStuffing(subject, digest).catch((error: unknown) =>
        log.debug({ err: error }, 'nobody looks for stuffing just now'),
      )
      if (!isGuess) return
      const { failures, endsAt } = await count(subject)
      if (failures < maxAttempts) return
      if (locks.endOf(subject) === undefined) locks.lock(subject, endsAt)
      // Another process may have counted one more, and told of the lock, before this one had its answer.
      if (failures === maxAttempts) {
        log.warn({ address: subject }, 'an address is locked out')
        deps.onLocked({ address: subject, observed: failures, threshold: maxAttempts, endsAt })
      }
      if (failures > maxAttempts) refuse(endsAt)
    },
    size: locks.size,
    close: locks.close,
  }
}
