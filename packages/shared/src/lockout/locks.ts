import { LRUCache } from 'lru-cache'
import { z } from 'zod'
import type { Clock } from '../platform/clock.ts'
import type { Logger } from '../platform/process/log.ts'
import type { RedisClient } from '../platform/redis/client.ts'
import type { Names } from '../platform/redis/names.ts'

/** Addresses that one process remembers at the most, so that nobody can fill its memory with them. */
export const capacity = 50_000

/** The addresses that are locked, known to every process; each looks into its own memory alone. */
export interface Locks {
  /** When it is free again, in milliseconds since 1970; undefined where it is not locked. */
  endOf(subject: string): number | undefined
  /** Locks it here at once, and everywhere as soon as Redis is told. */
  lock(subject: string, endsAt: number): void
  size(): number
}

const messageSchema = z.discriminatedUnion('do', [
  z.strictObject({ do: z.literal('lock'), subject: z.string().max(100), endsAt: z.number() }),
  z.strictObject({ do: z.literal('clear'), subject: z.string().max(100).nullable() }),
])
type Message = z.infer<typeof messageSchema>

export interface LocksDeps {
  redis: RedisClient
  /** A connection of the role `subscriber`, for this alone. */
  subscriber: RedisClient
  names: Names
  now: Clock
  log: Logger
  /** Called where somebody cleared an address, or all (undefined). */
  onClear(subject: string | undefined): void
}

/** Follows the locks of all processes. After an outage of Redis it reads them anew, and tells of its own. */
export function createLocks({ redis, subscriber, names, now, log, onClear }: LocksDeps): Locks {
  const locked = new LRUCache<string, number>({ max: capacity })
  const isOver = (endsAt: number | undefined) => endsAt === undefined || endsAt <= now()

  const announce = async (subject: string, endsAt: number) => {
    await redis.zadd(names.lockedAddresses, endsAt, subject)
    // What is over goes, and of the rest the locks that end first: an attacker must not fill Redis with addresses either.
    await redis.zremrangebyscore(names.lockedAddresses, '-inf', now())
    await redis.zremrangebyrank(names.lockedAddresses, 0, -capacity - 1)
    await redis.publish(names.lockoutChannel, JSON.stringify({ do: 'lock', subject, endsAt } satisfies Message))
  }
  const tryAnnounce = (subject: string, endsAt: number) =>
    announce(subject, endsAt).catch((error: unknown) => log.warn({ err: error }, 'a lock holds in this process alone'))

  const agree = async () => {
    const own = [...locked.entries()].filter(([, endsAt]) => !isOver(endsAt))
    const present = await redis.zrangebyscore(names.lockedAddresses, now(), '+inf', 'WITHSCORES', 'LIMIT', 0, capacity)
    for (let at = 0; at < present.length; at += 2) locked.set(present[at] ?? '', Number(present[at + 1]))
    for (const [subject, endsAt] of own) if (!present.includes(subject)) await announce(subject, endsAt)
  }

  subscriber.on('message', (channel: string, text: string) => {
    if (channel !== names.lockoutChannel) return
    const message = read(text)
    if (!message) return log.error('a message on the lockout channel could not be read')
    if (message.do === 'lock') return void locked.set(message.subject, message.endsAt)
    if (message.subject === null) locked.clear()
    else locked.delete(message.subject)
    onClear(message.subject ?? undefined)
  })
  const follow = async () => {
    await subscriber.subscribe(names.lockoutChannel)
    await agree()
  }
  const tryFollow = () =>
    void follow().catch((error: unknown) => log.warn({ err: error }, 'the locks of other processes are not known'))
  subscriber.on('ready', tryFollow)
  if (subscriber.status === 'ready') tryFollow()

  return {
    endOf(subject) {
      const endsAt = locked.get(subject)
      return isOver(endsAt) ? undefined : endsAt
    },
    lock(subject, endsAt) {
      locked.set(subject, endsAt)
      void tryAnnounce(subject, endsAt)
    },
    size: () => locked.size,
  }
}

/** Tells every process that an address, or all (null), is free again. */
export async function publishClear(redis: RedisClient, names: Names, subject: string | null): Promise<void> {
  await redis.publish(names.lockoutChannel, JSON.stringify({ do: 'clear', subject } satisfies Message))
}

function read(text: string): Message | undefined {
  try {
    return messageSchema.safeParse(JSON.parse(text)).data
  } catch {
    return undefined
  }
}
