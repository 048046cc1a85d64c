import { createNames } from '@momentry/shared/platform/redis/names.ts'
import { partitionOf } from '@momentry/shared/usage/partition.ts'
import { insertKeys } from '../harness/keys.ts'
import type { Stores } from '../harness/stores.ts'
import type { Bench, Part, Round, Row } from '../part.ts'
import { partitions } from '../usage/books.ts'
import { eventsPerReport, writeHistory, writeReports } from '../usage/reports.ts'
import { startUsageSystem, type UsageSystem } from '../usage/system.ts'
import { ingest, ordinary } from './ingest.ts'

const inFlight = 8
const few = 10

/** Starts a system that watches so many keys: each has been used in the last ten minutes. */
async function startWatching(stores: Stores, count: number): Promise<{ system: UsageSystem; keyIds: string[] }> {
  const system = await startUsageSystem(stores, { env: ordinary })
  const keyIds = (await insertKeys(system.installation.databaseUrl, count)).map(({ id }) => id)
  const history = { from: Date.now() - 600_000, stepSeconds: 300, steps: 2, eventsPerStep: 1 }
  await system.sender.sendAll(writeHistory(keyIds, history), inFlight)
  await system.books.drained()
  return { system, keyIds }
}

/** The same reports, but for whose keys are in them: any of the keys with the same chance. */
async function measureGrowth(bench: Bench): Promise<Row> {
  const stores = await bench.stores()
  const small = await startWatching(stores, few)
  const large = await startWatching(stores, bench.smoke ? 1000 : 100_000)
  try {
    const reports = bench.smoke ? 5 : 40 * bench.seconds
    const measure = async ({ system, keyIds }: typeof small) => {
      const { eventsPerSecond } = await ingest(
        system,
        writeReports(keyIds, reports, { until: Date.now(), reportsPerSecond: 100 }),
      )
      return (1000 * eventsPerReport) / eventsPerSecond
    }
    await measure(small)
    await measure(large)
    const rounds: Round[] = []
    for (let round = 1; round <= bench.rounds; round += 1) {
      const reference = await measure(small)
      const subject = await measure(large)
      rounds.push({ subject, reference })
      bench.say(
        `  round ${round}: 1,000 events took ${subject.toFixed(1)} ms with ${large.keyIds.length} keys, ${reference.toFixed(1)} ms with ${few}`,
      )
    }
    return {
      ...{
        name: 'growth-watched',
        work: 'ingest with 100,000 watched keys, time per 1,000 events',
        reference: 'with 10',
      },
      ...{ unit: 'ms', goal: { atMost: 1.5 }, rounds },
      note: 'each event belongs to any of the keys with the same chance',
    }
  } finally {
    await small.system.close()
    await large.system.close()
  }
}

const requestsPerMinute = 1000
const hoursOfWeek = 168
const hourMs = 3_600_000

/** Sends what a key's window holds at the most: a week of hours, and twenty minutes at the full rate from six addresses. */
async function measureMemory(bench: Bench): Promise<Row> {
  const { system, keyIds } = await startWatching(await bench.stores(), bench.smoke ? 2 : 20)
  try {
    const { redis, drained } = system.books
    const now = Date.now()
    const week = {
      from: now - (hoursOfWeek + 2) * hourMs,
      stepSeconds: 3600,
      steps: hoursOfWeek,
      eventsPerStep: bench.smoke ? 2 : 150,
    }
    const lately = {
      from: now - 1_201_000,
      stepSeconds: 3,
      steps: bench.smoke ? 20 : 400,
      eventsPerStep: (3 * requestsPerMinute) / 60,
    }
    await system.sender.sendAll(writeHistory(keyIds, week), 1)
    await system.sender.sendAll(writeHistory(keyIds, lately), 1)
    await drained()
    const names = createNames(system.installation.prefix)
    const sizeOf = async (name: string) => Number((await redis.memory('USAGE', name, 'SAMPLES', 0)) ?? 0)
    const windows = await Promise.all(keyIds.map((id) => sizeOf(names.window(partitionOf(id, partitions), id))))
    const due = await Promise.all(Array.from({ length: partitions }, (_, p) => sizeOf(names.due(p))))
    const subject = [...windows, ...due].reduce((sum, size) => sum + size, 0) / keyIds.length
    return {
      ...{
        name: 'memory-watched-key',
        work: 'a watched key in Redis at 1,000 requests/min from 6 addresses',
        reference: '—',
      },
      ...{ unit: 'bytes', goal: { atMost: 4096 }, rounds: [{ subject }] },
      note: `MEMORY USAGE of the windows of ${keyIds.length} keys and of the set of keys that are to be judged again`,
    }
  } finally {
    await system.close()
  }
}

export const watchedKeys: Part = {
  name: 'watched-keys',
  title: 'what watching more keys costs in time, and each of them in memory',
  async run(bench) {
    return [await measureMemory(bench), await measureGrowth(bench)]
  },
}
