import { setTimeout as wait } from 'node:timers/promises'
import type { Clock } from '../platform/clock.ts'
import { createGrowingCache } from '../platform/growing-cache.ts'
import type { Logger } from '../platform/process/log.ts'
import type { RedisClient } from '../platform/redis/client.ts'
import type { Names } from '../platform/redis/names.ts'
import { readMessage } from './channel.ts'
import { capacity, readCleared, readShared, shareLocks } from './shared-locks.ts'

/** The addresses that are locked, known to every process; each looks into its own memory alone. */
export interface Locks {
  /** When it is free again, in milliseconds since 1970; undefined where it is not locked. */
  endOf(subject: string): number | undefined
  /** Whether no address is locked, as far as that is known without looking at any. */
  none(): boolean
  /** Locks it here at once, and everywhere as soon as Redis is told. */
  lock(subject: string, endsAt: number): void
  size(): number
  /** Ends the following; the connections stay their owner's to close. */
  close(): void
}

export interface LocksDeps {
  redis: RedisClient
  /** A connection of the role `subscriber`. Whoever else listens on it sees to it that one which died is noticed. */
  subscriber: RedisClient
  names: Names
  now: Clock
  log: Logger
  /** Called where somebody cleared an address, or all (undefined). */
  onClear(subject: string | undefined): void
}

/** After a failure, this process agrees with the others again so much later. */
const retryMs = 1_000

/** Follows the locks of all processes. After an outage of Redis it reads them anew, and tells of its own. */
export function createLocks({ redis, subscriber, names, now, log, onClear }: LocksDeps): Locks {
  const shared = { redis, names }
  const locked = createGrowingCache<string, number>(capacity, { ttlResolution: 0, perf: { now } })
  const keep = (subject: string, endsAt: number) => {
    const ttl = Math.ceil(endsAt - now())
    if (ttl > 0) locked.set(subject, endsAt, { ttl })
  }

  const agree = async () => {
    await subscriber.subscribe(names.lockoutChannel)
    const present = await readShared(shared, now())
    const isCleared = await readCleared(shared, now())
    // What is here and not there was locked while Redis was away, or Redis lost it; or it was cleared meanwhile.
    const own = [...locked.entries()].filter(([subject]) => !present.has(subject))
    for (const lock of own.filter(isCleared)) {
      locked.delete(lock[0])
      onClear(lock[0])
    }
    for (const lock of present) if (!isCleared(lock)) keep(...lock)
    const untold = own.filter((lock) => !isCleared(lock))
    await shareLocks(shared, untold, now())
  }

  const ended = new AbortController()
  let wanted = false
  let running = false
  /** Agrees until that has succeeded once more. */
  const settle = async () => {
    wanted = true
    if (running) return
    running = true
    for (let failures = 0; wanted && !ended.signal.aborted; ) {
      wanted = false
      try {
        await agree()
      } catch (error) {
        wanted = true
        failures++
        if (failures === 1) log.warn({ err: error }, 'locks of addresses are not shared with other processes just now')
        await wait(retryMs, undefined, { ref: false, signal: ended.signal }).catch(() => undefined)
      }
    }
    running = false
  }
  const onReady = () => void settle()

  const onMessage = (channel: string, text: string) => {
    if (channel !== names.lockoutChannel) return
    const message = readMessage(text)
    if (!message) return log.error('a message on the lockout channel could not be read')
    if (message.do === 'lock') {
      for (const lock of message.locks) keep(...lock)
      return
    }
    if (message.subject === null) locked.clear()
    else locked.delete(message.subject)
    onClear(message.subject ?? undefined)
    // What is being read may be from before.
    if (running) wanted = true
  }

  subscriber.on('message', onMessage)
  for (const client of [subscriber, redis]) client.on('ready', onReady)
  onReady()

  return {
    endOf: (subject) => locked.get(subject),
    none: () => locked.size === 0,
    lock(subject, endsAt) {
      keep(subject, endsAt)
      void shareLocks(shared, [[subject, endsAt]], now()).catch(onReady)
    },
    size() {
      locked.purgeStale()
      return locked.size
    },
    close() {
      ended.abort()
      subscriber.off('message', onMessage)
      for (const client of [subscriber, redis]) client.off('ready', onReady)
    },
  }
}
