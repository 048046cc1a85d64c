import { readLag } from '@momentry/shared/streams/lag.ts'
import { z } from 'zod'
import { partitions, type Workbench } from '../../../support/workbench.ts'
import type { Sheet } from './sheet.ts'

const counted = z.array(z.object({ count: z.int() }))

/** Work in Postgres that is not done. */
const open = {
  'jobs that are not done': `jobs WHERE state IN ('queued', 'running') OR (state = 'failed' AND queue = 'rotations')`,
  'changes of keys that nobody was told of': 'api_key_changes',
}

/** How much there is still to do, over all queues: 0 once everything is done. */
export async function countOpenWork(bench: Workbench): Promise<number> {
  const { redis, names } = bench
  const each = await Promise.all(
    Array.from({ length: partitions }, async (_, p) => {
      const usage = await redis.xlen(names.usageStream(p))
      const alerts = await redis.xlen(names.anomalyStream(p))
      return usage + alerts + (await redis.llen(names.rollUp(p))) + (await redis.llen(names.rollUpFlush(p)))
    }),
  )
  const rows = await Promise.all(Object.values(open).map((what) => count(bench, what)))
  return [...each, ...rows].reduce((sum, number) => sum + number, 0)
}

/** Nothing is stuck, and nothing grows without an end. */
export async function checkQueues(sheet: Sheet, bench: Workbench, sent: { reports: number }): Promise<void> {
  const { redis, names } = bench
  for (const [what, table] of Object.entries(open)) sheet.equal(what, 0, await count(bench, table))
  const over = async (of: (p: number) => Promise<number>) => {
    const all = await Promise.all(Array.from({ length: partitions }, (_, p) => of(p)))
    return all.reduce((sum, number) => sum + number, 0)
  }
  const lagOf = async (stream: string) => {
    const { length, pending } = await readLag(redis, stream)
    return length + pending
  }
  sheet.equal('entries on the usage streams', 0, await over((p) => lagOf(names.usageStream(p))))
  sheet.equal('entries on the anomaly streams', 0, await over((p) => lagOf(names.anomalyStream(p))))
  const dead = (p: number) => [names.usageDead(p), names.anomalyDead(p)].map((stream) => redis.xlen(stream))
  sheet.equal(
    'dead letters',
    0,
    await over(async (p) => (await Promise.all(dead(p))).reduce((sum, length) => sum + length, 0)),
  )
  const sums = (p: number) => [names.rollUp(p), names.rollUpFlush(p)].map((list) => redis.llen(list))
  sheet.equal(
    'sums that wait for Postgres',
    0,
    await over(async (p) => (await Promise.all(sums(p))).reduce((sum, length) => sum + length, 0)),
  )
  await checkSize(sheet, bench, sent)
}

/** BullMQ keeps so many turns of the repeated jobs (`platform/process/repeat.ts`), and some names of its own. */
const keptTurns = 1_200
/** One of a partition: streams, revision, due, lease; and a few of the whole. */
const fixedNames = 8 * partitions + 20

/** Names in Redis: markers of reports, which live for a day, and else a number that does not grow with time. */
async function checkSize(sheet: Sheet, { redis, names, postgres }: Workbench, { reports }: { reports: number }) {
  const all = await redis.keys('*')
  const isMarker = (name: string) =>
    name.startsWith(names.usageReport) || name.startsWith(names.usageMarker(0, '').split('{')[0] ?? '')
  const markers = all.filter(isMarker).length
  const keys = await count({ postgres }, 'api_keys')
  // Each report has a name and marks each partition that it touches; uses that validation saw come in batches of their own.
  sheet.atMost('markers of reports in Redis', reports * (partitions + 1) + keys * 100, markers)
  sheet.atMost('other names in Redis', keptTurns + fixedNames + 3 * keys, all.length - markers)
}

async function count({ postgres }: Pick<Workbench, 'postgres'>, what: string): Promise<number> {
  const { rows } = await postgres.pool.query(`SELECT count(*)::int AS count FROM ${what}`)
  return counted.parse(rows)[0]?.count ?? 0
}
