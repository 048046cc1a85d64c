import { randomUUID } from 'node:crypto'
import { hostname } from 'node:os'
import { z } from 'zod'
import manifest from '../../../package.json' with { type: 'json' }
import type { RedisClient } from '../redis/client.ts'
import type { Names } from '../redis/names.ts'
import type { Logger } from './log.ts'

/** How often a process says that it is alive. */
const beatMs = 5_000
/** Nothing was heard for so long: it died or hangs. */
const staleMs = 15_000
/** One that died is shown for so long, so that people see it; then the others forget it. */
const forgottenMs = 300_000

const beatSchema = z.object({
  app: z.string().max(40),
  pid: z.int(),
  host: z.string().max(300),
  version: z.string().max(60),
  startedAt: z.number(),
  seenAt: z.number(),
  cpu: z.number().nullable(),
  rssBytes: z.int(),
})

/** A process as its last heartbeat tells; times in ms since 1970, by the clock of Redis. */
export type LivingProcess = z.infer<typeof beatSchema> & { id: string; healthy: boolean }

export interface Heartbeat {
  /** Takes the process off the list. */
  close(): Promise<void>
}

interface HeartbeatDeps {
  redis: RedisClient
  names: Names
  /** api, worker or alerter. */
  app: string
  log: Logger
}

/** Says every 5 s that this process lives, and how it is. While Redis is away it goes on trying. */
export function startHeartbeat({ redis, names, app, log }: HeartbeatDeps): Heartbeat {
  const id = randomUUID()
  const { version } = manifest
  const own = { app, version, pid: process.pid, host: hostname(), startedAt: Date.now() - process.uptime() * 1000 }
  let last = { at: performance.now(), usage: process.cpuUsage() }
  const readCpu = () => {
    const at = performance.now()
    const { user, system } = process.cpuUsage(last.usage)
    const cpu = at - last.at < 100 ? null : (user + system) / 1000 / (at - last.at)
    last = { at, usage: process.cpuUsage() }
    return cpu
  }
  const beat = async () => {
    const now = await readTime(redis)
    const told = {
      ...own,
      startedAt: Math.round(own.startedAt),
      seenAt: now,
      cpu: readCpu(),
      rssBytes: process.memoryUsage.rss(),
    }
    await redis.hset(names.processes, id, JSON.stringify(told))
    const dead = (await readProcesses(redis, names)).filter(({ seenAt }) => now - seenAt > forgottenMs)
    if (dead.length > 0) await redis.hdel(names.processes, ...dead.map((each) => each.id))
  }
  let closed = false
  const tick = () => beat().catch((error: unknown) => log.debug({ err: error }, 'no heartbeat just now'))
  let beating = tick()
  const timer = setInterval(() => {
    beating = beating.then(() => (closed ? undefined : tick()))
  }, beatMs)
  return {
    async close() {
      closed = true
      clearInterval(timer)
      await beating
      await redis.hdel(names.processes, id).catch(() => undefined)
    },
  }
}

/** Lists the processes that live, and those that died lately, by app and start. What cannot be read is left out. */
export async function readProcesses(redis: RedisClient, names: Names): Promise<LivingProcess[]> {
  const now = await readTime(redis)
  const beats = await redis.hgetall(names.processes)
  return Object.entries(beats)
    .flatMap(([id, text]) => {
      const beat = beatSchema.safeParse(parse(text)).data
      return beat ? [{ id, ...beat, healthy: now - beat.seenAt <= staleMs }] : []
    })
    .sort((a, b) => a.app.localeCompare(b.app) || a.startedAt - b.startedAt)
}

/** ms since 1970: clocks of hosts differ, that of Redis is one. */
async function readTime(redis: RedisClient): Promise<number> {
  const [seconds, microseconds] = await redis.time()
  return Number(seconds) * 1000 + Math.floor(Number(microseconds) / 1000)
}

function parse(text: string): unknown {
  try {
    return JSON.parse(text)
  } catch {
    return undefined
  }
}
