import type { Clock } from '../platform/clock.ts'
import type { Logger } from '../platform/process/log.ts'
import type { RedisClient } from '../platform/redis/client.ts'
import { loadScript } from '../platform/redis/script.ts'

const leaseScript = loadScript(new URL('./lease.lua', import.meta.url))
const releaseScript = loadScript(new URL('./release.lua', import.meta.url))

/** A holder that says nothing for this long has lost its lease. */
const leaseMs = 5_000
const renewMs = 1_000

export interface PartitionShare {
  /** Gives the leases back, once the work on them has stopped. */
  close(): Promise<void>
}

export interface PartitionShareOptions {
  redis: RedisClient
  /** Names this process among its fellows. */
  holder: string
  partitions: number
  now: Clock
  leaseName(p: number): string
  /** Sorted set of the processes that are alive (score: when they last said so, ms). */
  membersName: string
  log: Logger
  /** Works on a partition until the signal aborts. */
  work(p: number, signal: AbortSignal): Promise<void>
}

/**
 * Shares the partitions among the processes that are alive, each worked on by one at a time. A lease is a matter of
 * speed and fairness only: whoever believes to have one without having it finds its commits refused (`commit.lua`).
 */
export function sharePartitions(options: PartitionShareOptions): PartitionShare {
  const { redis, holder, partitions, now, leaseName, membersName, log, work } = options
  const held = new Map<number, { abort: AbortController; done: Promise<void> }>()
  let closed = false

  const begin = (p: number) => {
    const abort = new AbortController()
    const done = work(p, abort.signal).catch((error: unknown) =>
      log.error({ err: error, partition: p }, 'work on a partition failed'),
    )
    held.set(p, { abort, done: done.then(() => void held.delete(p)) })
  }
  const end = async (p: number) => {
    const part = held.get(p)
    part?.abort.abort()
    await part?.done
  }
  const giveBack = async (p: number) => {
    await end(p)
    await releaseScript(redis, [leaseName(p)], [holder])
  }
  const takeLease = async (p: number) => (await leaseScript(redis, [leaseName(p)], [holder, leaseMs])) === 1

  const balance = async () => {
    await redis.zadd(membersName, now(), holder)
    await redis.zremrangebyscore(membersName, '-inf', now() - leaseMs)
    const fair = Math.ceil(partitions / Math.max(1, await redis.zcard(membersName)))
    for (const p of [...held.keys()]) {
      if (!(await takeLease(p))) await end(p)
      else if (held.size > fair) await giveBack(p)
    }
    for (let p = 0; p < partitions && held.size < fair && !closed; p += 1) {
      if (!held.has(p) && (await takeLease(p))) begin(p)
    }
  }

  let failing = false
  const tick = async () => {
    try {
      await balance()
      failing = false
    } catch (error) {
      if (!failing) log.warn({ err: error }, 'leases cannot be renewed just now')
      failing = true
    }
  }
  let ticking = tick()
  const timer = setInterval(() => {
    ticking = ticking.then(() => (closed ? undefined : tick()))
  }, renewMs)

  return {
    async close() {
      closed = true
      clearInterval(timer)
      await ticking
      await Promise.all([...held.keys()].map(end))
      const releases = Array.from({ length: partitions }, (_, p) => releaseScript(redis, [leaseName(p)], [holder]))
      await Promise.allSettled([...releases, redis.zrem(membersName, holder)])
    },
  }
}
