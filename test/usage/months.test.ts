import { createId } from '@momentry/shared/platform/id.ts'
import { makeMonths } from '@momentry/shared/usage/months/make.ts'
import { pruneUsage } from '@momentry/shared/usage/months/prune.ts'
import { toColumns } from '@momentry/shared/usage/roll-up/columns.ts'
import { writeSums } from '@momentry/shared/usage/roll-up/write.ts'
import { readStats } from '@momentry/shared/usage/stats.ts'
import { afterAll, beforeAll, expect, it } from 'vitest'
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

const keyId = createId()
const write = (...times: string[]) =>
  writeSums(bench.postgres.pool, {
    flushId: createId(),
    partition: 0,
    sums: toColumns({
      minutes: times.map((time) => [keyId, Date.parse(time), 2, 1, 0, 0, Date.parse(time)]),
      addresses: times.map((time) => [
        keyId,
        Date.parse(time),
        '203.0.113.7',
        2,
        1,
        Date.parse(time),
        Date.parse(time),
      ]),
      secrets: [],
    }),
  })
const rows = async (sql: string) => (await bench.postgres.pool.query(sql)).rows
const placesOf = async (table: string) =>
  (await rows(`SELECT tableoid::regclass::text AS place, count(*)::int FROM ${table} GROUP BY 1 ORDER BY 1`)).map(
    ({ place, count }) => [place.replace(table, ''), count],
  )
const total = async () => (await rows('SELECT sum(requests)::int AS total FROM api_key_usage'))[0]?.total

it('takes usage of any time, and moves what lies in the rest when its month is made', async () => {
  await write('2015-05-17T10:00:00Z', '2031-03-01T00:00:00Z', '2031-03-31T23:59:00Z')
  expect(await placesOf('api_key_usage')).toEqual([['_rest', 3]])
  const march = Date.parse('2031-03-15T00:00:00Z')
  expect(await makeMonths(bench.postgres.db, march)).toBe(3)
  expect(await makeMonths(bench.postgres.db, march)).toBe(0)
  for (const table of ['api_key_usage', 'api_key_usage_addresses'])
    expect(await placesOf(table)).toEqual([
      ['_203103', 2],
      ['_rest', 1],
    ])
  // The same minute counts on, wherever it lies.
  await write('2031-03-01T00:00:00Z', '2015-05-17T10:00:00Z', '2031-05-01T00:00:00Z')
  expect(await placesOf('api_key_usage')).toEqual([
    ['_203103', 2],
    ['_203105', 1],
    ['_rest', 1],
  ])
  expect(await total()).toBe(12)
  const stats = await readStats(
    bench.postgres.pool,
    keyId,
    { interval: 'day', from: Date.parse('2031-03-01'), to: Date.parse('2031-06-01') },
    march,
  )
  expect(stats.totals).toMatchObject({ requests: 8, errors: 4, addresses: 1 })
})

it('is made by two workers at once, while others write', async () => {
  const september = Date.parse('2031-09-10T00:00:00Z')
  const writing = Promise.all(
    Array.from({ length: 20 }, (_, n) => write(`2031-09-10T00:${String(n).padStart(2, '0')}:00Z`)),
  )
  const made = await Promise.all([makeMonths(bench.postgres.db, september), makeMonths(bench.postgres.db, september)])
  await writing
  expect(made.reduce((sum, each) => sum + each, 0)).toBe(3)
  expect((await rows(`SELECT count(*)::int FROM api_key_usage WHERE minute >= '2031-09-01'`))[0]?.count).toBe(20)
  expect((await rows('SELECT count(*)::int FROM api_key_usage_rest'))[0]?.count).toBe(1)
})

it('asks only the months that a range touches', async () => {
  // As the queries of `readStats` have it: values come as parameters, and times as milliseconds.
  const { rows: plan } = await bench.postgres.pool.query(
    `EXPLAIN SELECT sum(requests) FROM api_key_usage
     WHERE minute >= to_timestamp($1 / 1000.0) AND minute < to_timestamp($2 / 1000.0) AND key_id = $3`,
    [Date.parse('2031-03-02'), Date.parse('2031-03-03'), keyId],
  )
  const text = plan.map((row) => row['QUERY PLAN']).join('\n')
  expect(text).toContain('api_key_usage_203103')
  expect(text).not.toMatch(/api_key_usage_(2031(?!03)|rest)/)
})

it('leaves months that are being read to the next turn, and lets writers through meanwhile', async () => {
  const reader = await bench.postgres.pool.connect()
  try {
    await reader.query('BEGIN')
    await reader.query('SELECT count(*) FROM api_key_usage, api_key_usage_addresses')
    const pruning = pruneUsage(bench.postgres.db, 30, Date.parse('2031-04-29T00:00:00Z'))
    await write('2031-05-01T00:00:00Z')
    expect(await pruning).toEqual({ months: 0, rows: 2 })
  } finally {
    await reader.query('ROLLBACK')
    reader.release()
  }
})

it('drops months that are too old as a whole, by their own time', async () => {
  const { db } = bench.postgres
  expect((await pruneUsage(db, 30, Date.parse('2031-04-29T00:00:00Z'))).months).toBeGreaterThan(0)
  expect(await placesOf('api_key_usage')).toEqual([
    ['_203103', 2],
    ['_203105', 1],
    ['_203109', 20],
  ])
  expect((await pruneUsage(db, 30, Date.parse('2031-05-02T00:00:00Z'))).months).toBe(2)
  expect(await placesOf('api_key_usage')).toEqual([
    ['_203105', 1],
    ['_203109', 20],
  ])
  // And goes on with months that were dropped.
  await write('2031-03-05T00:00:00Z')
  expect(await placesOf('api_key_usage')).toEqual([
    ['_203105', 1],
    ['_203109', 20],
    ['_rest', 1],
  ])
})
