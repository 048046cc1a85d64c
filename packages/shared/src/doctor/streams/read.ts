import { z } from 'zod'
import type { RedisClient } from '../../platform/redis/client.ts'
import type { Names } from '../../platform/redis/names.ts'

/** One partition's stream, and what its consumers make of it. */
export interface StreamReading {
  partition: number
  length: number
  /** How long the oldest entry has been there, ms; 0 where there is none. */
  oldestMs: number
  /** Entries that were handed to nobody yet; undefined where Redis cannot tell. */
  unread: number | undefined
  /** Handed out and not acknowledged. */
  pending: number
  /** In the dead-letter stream. */
  dead: number
  consumers: readonly { name: string; pending: number; idleMs: number }[]
}

export interface StreamsReading {
  /** How many partitions the processes agreed on; undefined: none has started on this Redis yet. */
  agreed: number | undefined
  /** Workers that said so lately. */
  workers: number
  /** Partitions of usage that no worker has. */
  unheld: readonly number[]
  usage: readonly StreamReading[]
  anomalies: readonly StreamReading[]
}

/** A worker says that it is alive each second. */
const silentMs = 10_000

const pairs = z.array(z.union([z.string(), z.number(), z.null()]))
const records = z.array(pairs.transform(toRecord))

/** @param fallback partitions that are looked at where none were agreed on */
export async function readStreams(redis: RedisClient, names: Names, fallback: number): Promise<StreamsReading> {
  const agreed = await redis.get(names.partitionCount)
  const numbers = Array.from({ length: agreed === null ? fallback : Number(agreed) }, (_, p) => p)
  const [seconds] = await redis.time()
  const now = Number(seconds) * 1_000
  const leases = await Promise.all(numbers.map((p) => redis.exists(names.usageLease(p))))
  const read = (stream: (p: number) => string, dead: (p: number) => string) =>
    Promise.all(numbers.map((p) => readStream(redis, { partition: p, stream: stream(p), dead: dead(p), now })))
  return {
    agreed: agreed === null ? undefined : Number(agreed),
    workers: await redis.zcount(names.usageWorkers, now - silentMs, '+inf'),
    unheld: numbers.filter((p) => leases[p] === 0),
    usage: await read(names.usageStream, names.usageDead),
    anomalies: await read(names.anomalyStream, names.anomalyDead),
  }
}

async function readStream(
  redis: RedisClient,
  { partition, stream, dead, now }: { partition: number; stream: string; dead: string; now: number },
): Promise<StreamReading> {
  const nothing = { partition, length: 0, oldestMs: 0, unread: 0, pending: 0, consumers: [] }
  const deadEntries = await redis.xlen(dead)
  if ((await redis.exists(stream)) === 0) return { ...nothing, dead: deadEntries }
  // What can grow meanwhile is read last, or all of it at once.
  const answers = await redis.multi().xinfo('GROUPS', stream).xlen(stream).xrange(stream, '-', '+', 'COUNT', 1).exec()
  const failed = answers?.find(([error]) => error)?.[0]
  if (failed) throw failed
  const [groups, length, [oldest] = []] = z
    .tuple([records, z.int(), z.array(z.tuple([z.string()]).rest(z.unknown()))])
    .parse(answers?.map(([, answer]) => answer))
  const group = groups[0]
  const consumers = group
    ? records.parse(await redis.xinfo('CONSUMERS', stream, String(group['name']))).map((consumer) => ({
        name: String(consumer['name']),
        pending: Number(consumer['pending']),
        idleMs: Number(consumer['idle']),
      }))
    : []
  const lag = group?.['lag']
  return {
    partition,
    length,
    oldestMs: oldest ? Math.max(0, now - Number(oldest[0].split('-')[0])) : 0,
    unread: group === undefined ? length : typeof lag === 'number' ? lag : undefined,
    pending: Number(group?.['pending'] ?? 0),
    dead: deadEntries,
    consumers,
  }
}

function toRecord(flat: z.infer<typeof pairs>): Record<string, string | number | null> {
  return Object.fromEntries(
    flat.flatMap((name, index) => (index % 2 === 0 ? [[String(name), flat[index + 1] ?? null]] : [])),
  )
}
