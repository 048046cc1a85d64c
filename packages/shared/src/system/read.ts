import type pg from 'pg'
import { readRedis } from '../doctor/stores/read-redis.ts'
import { readStreams } from '../doctor/streams/read.ts'
import { readProcesses } from '../platform/process/heartbeat.ts'
import type { RedisClient } from '../platform/redis/client.ts'
import type { Names } from '../platform/redis/names.ts'
import type { System, SystemProcess } from './schemas.ts'

export interface SystemDeps {
  pool: pg.Pool
  redis: RedisClient
  names: Names
  partitions: number
  /** ms since 1970 */
  now: number
}

/** Tells how the whole installation is. A store that is away is told of as such, and what it would say is left out. */
export async function readSystem(deps: SystemDeps): Promise<System> {
  const [redis, postgres] = await Promise.all([
    readFromRedis(deps).catch(() => undefined),
    readBytes(deps.pool).catch(() => undefined),
  ])
  return {
    ...(redis ?? withoutRedis),
    postgres: { connected: postgres !== undefined, bytes: postgres ?? null },
    time: new Date(deps.now).toISOString(),
  }
}

const withoutRedis = {
  processes: [],
  streams: [],
  totals: { usageLag: 0, anomalyLag: 0 },
  redis: { connected: false, usedBytes: null, maxBytes: null },
}

async function readFromRedis({ redis, names, partitions }: SystemDeps): Promise<Omit<System, 'postgres' | 'time'>> {
  const [processes, streams, nodes] = await Promise.all([
    readProcesses(redis, names),
    readStreams(redis, names, partitions),
    readRedis(redis),
  ])
  const view = (name: 'usage' | 'anomalies') =>
    streams[name].map(({ partition, length, pending, dead, oldestMs }) => ({
      ...{ name, partition, length, pending, dead },
      lagSeconds: oldestMs / 1000,
    }))
  const sum = (name: 'usage' | 'anomalies') => streams[name].reduce((total, { length }) => total + length, 0)
  const figure = (field: string) => nodes.reduce((total, { info }) => total + Number(info.get(field) ?? 0), 0)
  return {
    processes: processes.map(viewProcess),
    streams: [...view('usage'), ...view('anomalies')],
    totals: { usageLag: sum('usage'), anomalyLag: sum('anomalies') },
    redis: { connected: true, usedBytes: figure('used_memory'), maxBytes: figure('maxmemory') || null },
  }
}

function viewProcess({ startedAt, seenAt, ...rest }: Awaited<ReturnType<typeof readProcesses>>[number]): SystemProcess {
  return { ...rest, startedAt: new Date(startedAt).toISOString(), seenAt: new Date(seenAt).toISOString() }
}

async function readBytes(pool: pg.Pool): Promise<number> {
  const { rows } = await pool.query<{ bytes: string }>('SELECT pg_database_size(current_database()) AS bytes')
  return Number(rows[0]?.bytes ?? 0)
}
