import { once } from 'node:events'
import { Cluster, Redis } from 'ioredis'
import type { Logger } from '../process/log.ts'
import { accessOf, type Place, placeOf, type RedisAccess, sentinelOptions } from './access.ts'

/** A connection to one Redis, or to a cluster: everything of one partition shares a hash tag, so both serve. */
export type RedisClient = Redis | Cluster

/**
 * How a connection behaves while Redis is away.
 * - `command`: fails at once, since a request waits behind it
 * - `blocking`: for one blocking reader that asks again every second or so; waits for Redis to return
 * - `queue`: for BullMQ, which brings its own patience
 * - `subscriber`: for channels; waits, and subscribes again by itself
 */
export type RedisRole = 'command' | 'blocking' | 'queue' | 'subscriber'

export interface RedisFactoryOptions {
  /** `redis://…`; several, comma-separated, are the seeds of a cluster, or sentinels where `access` names what they watch. */
  url: string
  access?: RedisAccess
  /** Shown in CLIENT LIST. */
  name: string
  log: Logger
}

export type CreateRedis = (role: RedisRole) => RedisClient

/** A command that has no reply after this long has failed, as far as its caller is concerned. */
const commandTimeoutMs = 2_000
const retryDelayMs = (attempt: number) => Math.min(50 * 2 ** Math.min(attempt, 6), 1_000)

/** A connection that asks every second and hears nothing for this long is cut off, though nobody closed it. */
const silentSocketMs = 10_000

const behaviour = {
  command: { enableOfflineQueue: false, maxRetriesPerRequest: 0, commandTimeout: commandTimeoutMs },
  // Fails what waits while Redis is away, so that a loop which is to stop hears of it.
  blocking: { maxRetriesPerRequest: 2, socketTimeout: silentSocketMs },
  queue: { maxRetriesPerRequest: null },
  subscriber: { maxRetriesPerRequest: null },
} as const

/**
 * A queue waits for the end of a failover, as it does for one Redis that is away; others fail after some 1.6 s. BullMQ waits
 * for its connection, too, and the driver never tells it of one whose first check met a cluster that was down: there is none.
 */
const patient = { maxRedirections: Number.POSITIVE_INFINITY, enableReadyCheck: false }

/** Gives the one way in which a process makes Redis connections. They reconnect for ever, at most 1 s apart. */
export function createRedisFactory({ url, access = {}, name, log }: RedisFactoryOptions): CreateRedis {
  const seeds = url.split(',')
  const { sentinelName } = access
  return (role) => {
    const options = {
      connectionName: `${name}:${role}`,
      retryStrategy: retryDelayMs,
      // Replies of one shape from every server and proxy in use.
      protocol: 2 as const,
      connectTimeout: 2_000,
      keepAlive: 5_000,
      ...behaviour[role],
    }
    const connect = (): RedisClient => {
      if (sentinelName !== undefined)
        return new Redis({
          ...options,
          ...sentinelOptions(seeds, sentinelName, access),
          sentinelRetryStrategy: retryDelayMs,
        })
      if (seeds.length === 1) return new Redis(url, { ...options, ...accessOf(url, access) })
      const ofNodes = { ...options, ...accessOf(seeds[0] ?? '', access) }
      if (role === 'subscriber') return moveOn(seeds, (place) => new Redis({ ...ofNodes, ...place }))
      return new Cluster(seeds, {
        redisOptions: ofNodes,
        clusterRetryStrategy: retryDelayMs,
        enableOfflineQueue: role !== 'command',
        // Without it, two nodes that disagree for a moment are asked in turn until the tries are used up.
        retryDelayOnMoved: 50,
        ...(role === 'queue' && patient),
      })
    }
    const client = connect()
    reportOutages(client, log.child({ redis: role }))
    return client
  }
}

/**
 * A plain connection to one of a cluster's seeds, and to the next one each time it breaks. What is published reaches every
 * node; and unlike the driver's own subscriber, which changes nodes in silence, it tells when messages may be missed.
 */
function moveOn(seeds: readonly string[], connectTo: (place: Place) => Redis): Redis {
  let at = Math.floor(Math.random() * seeds.length)
  const next = () => placeOf(seeds[at++ % seeds.length] ?? '')
  const client = connectTo(next())
  client.on('close', () => Object.assign(client.options, next()))
  return client
}

/** Logs the start and the end of an outage, and not each attempt in between. */
function reportOutages(client: RedisClient, log: Logger): void {
  let down = false
  client.on('error', (error) => {
    if (!down) log.warn({ err: error }, 'Redis is out of reach')
    down = true
  })
  client.on('ready', () => {
    if (down) log.info('Redis is back')
    down = false
  })
}

/** Waits for a connection to be ready, at most so long: a process starts all the same while Redis is away. */
export async function whenReady(client: RedisClient, timeoutMs = 2_000): Promise<void> {
  if (client.status === 'ready') return
  await once(client, 'ready', { signal: AbortSignal.timeout(timeoutMs) }).catch(() => undefined)
}

/** Closes a connection without waiting for a Redis that may be gone. */
export async function closeRedis(client: RedisClient): Promise<void> {
  const late = new Promise((done) => setTimeout(done, 500).unref())
  // It may have broken a moment ago, and then there is nobody to take leave of.
  if (client.status === 'ready') await Promise.race([client.quit().catch(() => undefined), late])
  client.disconnect()
}

const unavailable =
  /ECONNREFUSED|ECONNRESET|EPIPE|ETIMEDOUT|Connection is closed|Command timed out|isn't writeable|max retries per request|Failed to refresh slots|isn't ready|None of startup nodes|Too many Cluster redirections|TRYAGAIN|LOADING|MASTERDOWN|CLUSTERDOWN|READONLY|Stream isn't|^OOM |^MISCONF |^NOREPLICAS /i

/** Tells whether an error of a command means that Redis could not be reached or could not serve just now. */
export function isRedisUnavailable(error: unknown): boolean {
  return (
    error instanceof Error &&
    (unavailable.test(error.message) || ('code' in error && unavailable.test(String(error.code))))
  )
}
