import { setTimeout as delay } from 'node:timers/promises'
import { createNames } from '@momentry/shared/platform/redis/names.ts'
import { Redis } from 'ioredis'

/** The default of USAGE_PARTITIONS. */
export const partitions = 8
const everyMs = 5
const giveUpMs = 120_000

/** Looks at what became of the events of an installation. */
export interface Books {
  /** Waits until nothing is on the streams, and gives how many events were accepted and folded since the beginning. */
  drained(): Promise<{ accepted: number; folded: number }>
  /** Processor time that Redis has used, s. */
  redisSeconds(): Promise<number>
  redis: Redis
  close(): void
}

export function openBooks({ redisUrl, prefix }: { redisUrl: string; prefix: string }): Books {
  const redis = new Redis(redisUrl)
  const names = createNames(prefix)
  const all = Array.from({ length: partitions }, (_, p) => p)

  const waiting = async () => {
    const lengths = await Promise.all(all.map((p) => redis.xlen(names.usageStream(p))))
    return lengths.reduce((sum, length) => sum + length, 0)
  }
  const total = async (field: string) => {
    const amounts = await Promise.all(all.map((p) => redis.hget(names.usageBooks(p), field)))
    return amounts.reduce((sum, amount) => sum + Number(amount ?? 0), 0)
  }

  return {
    redis,
    async drained() {
      const began = performance.now()
      // An entry leaves its stream in the same step that folds it and takes what was found into account.
      while ((await waiting()) > 0) {
        if (performance.now() - began > giveUpMs) throw new Error(`${await waiting()} entries are still on the streams`)
        await delay(everyMs)
      }
      return { accepted: await total('accepted'), folded: await total('folded') }
    },
    async redisSeconds() {
      const info = await redis.info('cpu')
      const used = (name: string) => Number(new RegExp(`^${name}:([\\d.]+)`, 'm').exec(info)?.[1] ?? 0)
      return used('used_cpu_user') + used('used_cpu_sys')
    },
    close: () => redis.disconnect(),
  }
}
