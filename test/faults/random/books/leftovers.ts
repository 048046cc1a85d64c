import { z } from 'zod'
import type { Workbench } from '../../../support/workbench.ts'
import type { Fleet } from '../system/fleet.ts'
import type { Sheet } from './sheet.ts'

/** What the processes hold open: in Redis by the name of the connection, in Postgres by the name of the process. */
export interface Holdings {
  redis: Map<string, number>
  postgres: Map<string, number>
  /** Open files and connections of each place; empty where this machine does not tell. */
  handles: Map<string, number>
}

const named = z.array(z.object({ name: z.string(), count: z.int() }))

/** Counts what the processes hold open just now. */
export async function countHoldings({ redis, postgres }: Workbench, { slots }: Fleet): Promise<Holdings> {
  const clients = String(await redis.call('CLIENT', 'LIST'))
  const names = clients.split('\n').map((line) => / name=(\S*)/.exec(line)?.[1] ?? '')
  const { rows } = await postgres.pool.query(
    `SELECT application_name AS name, count(*)::int AS count FROM pg_stat_activity
     WHERE datname = current_database() AND application_name LIKE 'momentry-%' GROUP BY 1`,
  )
  const handles = await Promise.all(slots.map(async (slot) => [slot.name, await slot.handles()] as const))
  return {
    redis: countEach(names.filter((name) => name.startsWith('momentry-'))),
    postgres: new Map(named.parse(rows).map(({ name, count }) => [name, count])),
    handles: new Map(handles.flatMap(([name, count]) => (count === undefined ? [] : [[name, count]]))),
  }
}

/** Tells whether as many connections to Redis are open as at another time. */
export function isSameInRedis(before: Holdings, now: Holdings): boolean {
  return differences(before.redis, now.redis).length === 0
}

/** The default of DATABASE_POOL_SIZE, for two processes of each kind. */
const poolOfTwo = 20
/** Connections of callers and to Postgres come and go with the load. */
const handlesMore = 40

/** Compares what is held open with what was at the start. */
export async function checkLeftovers(sheet: Sheet, bench: Workbench, before: Holdings, now: Holdings): Promise<void> {
  sheet.none('connections to Redis other than at the start', differences(before.redis, now.redis))
  for (const [name, connections] of now.postgres)
    sheet.atMost(`connections to Postgres, ${name}`, poolOfTwo, connections)
  const { rows } = await bench.postgres.pool.query(
    `SELECT application_name AS name, count(*)::int AS count FROM pg_stat_activity
     WHERE datname = current_database() AND state LIKE 'idle in transaction%' AND state_change < now() - interval '5 seconds' GROUP BY 1`,
  )
  sheet.none(
    'transactions that nobody ends',
    named.parse(rows).map(({ name, count }) => `${name} ${count}`),
  )
  for (const [name, handles] of now.handles) {
    const first = before.handles.get(name) ?? 0
    sheet.atMost(`open handles of ${name} (${first} at the start)`, first + handlesMore, handles)
  }
}

function differences(before: ReadonlyMap<string, number>, now: ReadonlyMap<string, number>): string[] {
  return [...new Set([...before.keys(), ...now.keys()])]
    .filter((name) => before.get(name) !== now.get(name))
    .map((name) => `${name}: ${before.get(name) ?? 0}, now ${now.get(name) ?? 0}`)
}

function countEach(names: readonly string[]): Map<string, number> {
  const counts = new Map<string, number>()
  for (const name of names) counts.set(name, (counts.get(name) ?? 0) + 1)
  return counts
}
