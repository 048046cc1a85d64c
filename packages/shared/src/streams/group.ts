import { z } from 'zod'
import type { RedisClient } from '../platform/redis/client.ts'

/** One entry of a stream: its id and its fields. */
export interface StreamEntry {
  id: string
  fields: Record<string, string>
}

/** A consumer group's view of one stream. Every method that meets a missing group makes it and goes on. */
export interface ConsumerGroup {
  /** Gives new entries, waiting up to `blockMs` for the first; the connection serves nothing else meanwhile. */
  readNew(count: number, blockMs: number): Promise<StreamEntry[]>
  /** Gives this consumer's entries that it was handed before and has not acknowledged, oldest first. */
  readPending(count: number): Promise<StreamEntry[]>
  /** Takes over what other consumers hold unacknowledged for at least `idleMs`. */
  claim(idleMs: number): Promise<void>
  /** Tells how often an entry was handed out. */
  deliveries(id: string): Promise<number>
}

export interface ConsumerGroupOptions {
  /** A connection of its own: a blocking read holds it. */
  redis: RedisClient
  stream: string
  group: string
  consumer: string
}

// A deleted entry that is still pending comes with null for its fields.
const entry = z.tuple([z.string(), z.array(z.string()).nullable()])
const reply = z.array(z.tuple([z.string(), z.array(entry)])).nullable()
const claimed = z.tuple([z.string()]).rest(z.unknown())
const pendingOne = z.array(z.tuple([z.string(), z.string(), z.coerce.number(), z.coerce.number()]))

const claimPage = 500

export function createConsumerGroup({ redis, stream, group, consumer }: ConsumerGroupOptions): ConsumerGroup {
  /** Runs a command; where the group is missing (a new stream, a flushed Redis, a stream deleted under a read), makes it from the stream's start. */
  const healing = async <T>(command: () => Promise<T>): Promise<T> => {
    try {
      return await command()
    } catch (error) {
      if (!(error instanceof Error && /^(NOGROUP|UNBLOCKED)/.test(error.message))) throw error
      await ensureGroup(redis, stream, group)
      return command()
    }
  }
  const read = (args: (string | number)[], from: string) =>
    healing(async () =>
      parseReply(await redis.call('XREADGROUP', 'GROUP', group, consumer, ...args, 'STREAMS', stream, from)),
    )

  return {
    readNew: (count, blockMs) => read(['COUNT', count, 'BLOCK', blockMs], '>'),
    readPending: (count) => read(['COUNT', count], '0'),
    async claim(idleMs) {
      let cursor = '0-0'
      do {
        const from = cursor
        const answer = await healing(() =>
          redis.call('XAUTOCLAIM', stream, group, consumer, idleMs, from, 'COUNT', claimPage, 'JUSTID'),
        )
        cursor = claimed.parse(answer)[0]
      } while (cursor !== '0-0')
    },
    async deliveries(id) {
      const answer = await healing(() => redis.call('XPENDING', stream, group, id, id, 1))
      return pendingOne.parse(answer)[0]?.[3] ?? 0
    },
  }
}

async function ensureGroup(redis: RedisClient, stream: string, group: string): Promise<void> {
  try {
    await redis.xgroup('CREATE', stream, group, '0', 'MKSTREAM')
  } catch (error) {
    if (!(error instanceof Error && error.message.startsWith('BUSYGROUP'))) throw error
  }
}

function parseReply(answer: unknown): StreamEntry[] {
  const streams = reply.parse(answer) ?? []
  return streams.flatMap(([, entries]) => entries.map(([id, fields]) => ({ id, fields: toRecord(fields ?? []) })))
}

function toRecord(flat: readonly string[]): Record<string, string> {
  return Object.fromEntries(flat.flatMap((name, index) => (index % 2 === 0 ? [[name, flat[index + 1] ?? '']] : [])))
}
