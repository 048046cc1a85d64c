import { createId } from '@momentry/shared/platform/id.ts'
import { type SumColumns, toColumns } from '@momentry/shared/usage/roll-up/columns.ts'
import { drainRollUp } from '@momentry/shared/usage/roll-up/flush.ts'
import type { Sums } from '@momentry/shared/usage/roll-up/sums.ts'
import { writeSums } from '@momentry/shared/usage/roll-up/write.ts'
import { afterAll, beforeAll, describe, expect, it } from 'vitest'
import { createTestStores, type TestStores } from '../support/stores.ts'
import { createWorkbench, type Workbench } from '../support/workbench.ts'

let stores: TestStores
let bench: Workbench
beforeAll(async () => {
  stores = await createTestStores()
  bench = await createWorkbench(stores.env)
})
afterAll(async () => {
  await bench.close()
  await stores.close()
})

const minute = Date.UTC(2026, 0, 5, 12)
function rowsOf(keyId: string, requests: number): Sums {
  return {
    minutes: [[keyId, minute, requests, 1, 0, 0, minute + 5]],
    addresses: ['2001:db8::1', '2001:DB8::1'].map((ip) => [keyId, minute, ip, requests, 0, minute, minute + 5]),
    secrets: [],
  }
}
const sumsOf = (keyId: string, requests: number): SumColumns => toColumns(rowsOf(keyId, requests))
const requests = async () =>
  (await bench.postgres.pool.query('SELECT sum(requests)::int AS sum FROM api_key_usage')).rows[0].sum

describe('a numbered flush', () => {
  it('takes rows that only Postgres knows to be one', async () => {
    const keyId = await bench.insertKey('spelt')
    await writeSums(bench.postgres.pool, { flushId: createId(), partition: 0, sums: sumsOf(keyId, 2) })
    const { rows } = await bench.postgres.pool.query(
      'SELECT address, requests::int FROM api_key_usage_addresses WHERE key_id = $1',
      [keyId],
    )
    expect(rows).toEqual([{ address: '2001:db8::1', requests: 4 }])
  })

  it('counts once, whichever step it died after', async () => {
    const { redis, names } = bench
    const deps = { redis, pool: bench.postgres.pool, names }
    const keyId = await bench.insertKey('flushed')
    const before = await requests()
    const text = JSON.stringify(sumsOf(keyId, 5))
    // Died after the sums were set aside, and after they were written: the same id comes again with the same sums.
    const flushId = createId()
    await redis.rpush(names.rollUpFlush(3), flushId, text)
    await writeSums(bench.postgres.pool, { flushId, partition: 3, sums: sumsOf(keyId, 5) })
    await redis.rpush(names.rollUp(3), text)
    expect(await drainRollUp(deps, 3)).toBe(2)
    expect(await requests()).toBe(before + 10)
    expect(await redis.exists(names.rollUp(3), names.rollUpFlush(3))).toBe(0)
  })

  it('takes what an older version left, rows in place of columns', async () => {
    const { redis, names } = bench
    const keyId = await bench.insertKey('older')
    const before = await requests()
    await redis.rpush(names.rollUp(4), JSON.stringify(rowsOf(keyId, 3)), JSON.stringify(sumsOf(keyId, 4)))
    expect(await drainRollUp({ redis, pool: bench.postgres.pool, names }, 4)).toBe(2)
    expect(await requests()).toBe(before + 7)
    expect(await redis.hget(names.usageBooks(4), 'carried:2026-01')).toBe('7')
  })

  it('takes no more at once than a statement can hold, and all of it in turns', async () => {
    const { redis, names } = bench
    const keyId = await bench.insertKey('much')
    const before = await requests()
    const text = JSON.stringify(sumsOf(keyId, 1)).padEnd(1_500_000)
    await redis.rpush(names.rollUp(5), ...Array.from({ length: 7 }, () => text))
    expect(await drainRollUp({ redis, pool: bench.postgres.pool, names }, 5)).toBe(7)
    expect(await requests()).toBe(before + 7)
    const { rows } = await bench.postgres.pool.query(
      'SELECT count(*)::int FROM api_key_usage_flushes WHERE partition = 5',
    )
    expect(rows[0].count).toBe(3)
  })

  it('notes when a key was last used, to the minute: a note costs as much as a sum', async () => {
    const keyId = await bench.insertKey('noted')
    const use = async (at: number) => {
      const sums = toColumns({ minutes: [[keyId, minute, 1, 0, 0, 0, at]], addresses: [], secrets: [] })
      await writeSums(bench.postgres.pool, { flushId: createId(), partition: 0, sums })
      const { rows } = await bench.postgres.pool.query('SELECT last_used_at FROM api_keys WHERE id = $1', [keyId])
      return rows[0].last_used_at.getTime() - minute
    }
    const seen: number[] = []
    for (const after of [1000, 61_000, 61_001, 30_000, 90_000]) seen.push(await use(minute + after))
    expect(seen).toEqual([1000, 1000, 61_001, 61_001, 61_001])
  })
})
