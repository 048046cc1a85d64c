import type pg from 'pg'
import { z } from 'zod'
import { createId } from '../../platform/id.ts'
import type { RedisClient } from '../../platform/redis/client.ts'
import type { Names } from '../../platform/redis/names.ts'
import { loadScript } from '../../platform/redis/script.ts'
import { joinColumns, readColumns } from './columns.ts'
import { writeSums } from './write.ts'

const setAsideScript = loadScript(new URL('./set-aside.lua', import.meta.url))
const finishScript = loadScript(new URL('./finish.lua', import.meta.url))

/** Sums (of one batch each) that cross in one flush, and about how many bytes of them: what a statement is not too long for. */
const perFlush = 500
const bytesPerFlush = 4_000_000

const setAsideReply = z.array(z.string())

export interface RollUpDeps {
  redis: RedisClient
  pool: pg.Pool
  names: Names
}

/**
 * Carries one partition's waiting sums to Postgres, each once: they are set aside in Redis under an id, the id is
 * written in the transaction that adds them, and then what was set aside is removed. A crash anywhere repeats harmlessly.
 * @returns how many sums crossed; 0 where none waited
 */
async function flushRollUp({ redis, pool, names }: RollUpDeps, partition: number): Promise<number> {
  const aside = names.rollUpFlush(partition)
  const reply = await setAsideScript(redis, [names.rollUp(partition), aside], [createId(), perFlush, bytesPerFlush])
  const [flushId, ...texts] = setAsideReply.parse(reply)
  if (flushId === undefined) return 0
  const sums = joinColumns(texts.map(readColumns))
  await writeSums(pool, { flushId, partition, sums })
  await finishScript(redis, [aside, names.usageBooks(partition)], [flushId, ...Object.entries(sums.months).flat()])
  return texts.length
}

/** Carries sums until none wait in the partition. @returns how many crossed */
export async function drainRollUp(deps: RollUpDeps, partition: number): Promise<number> {
  let crossed = 0
  for (let flushed = 1; flushed > 0; crossed += flushed) flushed = await flushRollUp(deps, partition)
  return crossed
}
