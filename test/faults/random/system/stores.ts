import { randomBytes } from 'node:crypto'
import { rm } from 'node:fs/promises'
import { setTimeout as pause } from 'node:timers/promises'
import { startPostgres } from '@momentry/embedded/postgres/start.ts'
import { startRedis } from '@momentry/embedded/redis/start.ts'
import { migrateDatabase } from '@momentry/shared/platform/postgres/migrate.ts'
import { Redis } from 'ioredis'
import { inject } from 'vitest'
import { endLeftovers, makeTestDir, startServerIn } from '../../../support/servers/embedded-servers.ts'
import { startPrivateRedis } from '../../../support/servers/private-servers.ts'
import type { TestServer } from '../../../support/servers/test-server.ts'
import { createTestStores } from '../../../support/stores.ts'
import { type Disk, mountDisk, unmountLeftovers } from './disk.ts'

/** The stores of a run, and what of them can be hurt. */
export interface FaultStores {
  /** Straight to the stores, past every proxy. */
  databaseUrl: string
  redisUrl: string
  /** What each process needs beside its ways to the stores. */
  env: Record<string, string>
  redis: TestServer
  /** undefined: others use it as well. */
  postgres: TestServer | undefined
  disk: Disk | undefined
  /** Starts again what has ended by itself. */
  revive(): Promise<void>
  /** What cannot be done here, and why. */
  missing: string[]
  /** Sets something in the configuration of Redis. */
  configure(name: 'appendfsync' | 'maxmemory', value: string): Promise<void>
  /** Has Redis write its append-only file anew, as docs/redis.md says to do after a full disk. */
  rewrite(): Promise<void>
  close(): Promise<void>
}

/** Starts servers of a run's own, on a file system of their own where that can be. */
export async function openOwnStores(): Promise<FaultStores> {
  await unmountLeftovers()
  await endLeftovers()
  const dataDir = await makeTestDir()
  const mounted = await mountDisk(dataDir)
  const disk = 'why' in mounted ? undefined : mounted
  const postgres = await startServerIn(dataDir, startPostgres)
  await migrateDatabase(postgres.url)
  const kept = await startServerIn(dataDir, startRedis)
  const redis = syncing(kept)
  await redis.configure('appendfsync', 'always')
  const masterKey = inject('masterKey')
  return {
    databaseUrl: postgres.url,
    redisUrl: redis.url,
    env: { MOMENTRY_MASTER_KEY: masterKey, MOMENTRY_REDIS_PREFIX: 'faults' },
    redis,
    postgres,
    disk,
    missing: 'why' in mounted ? [`no full disks: ${mounted.why}`] : [],
    configure: redis.configure,
    rewrite: redis.rewrite,
    async revive() {
      if (!postgres.isRunning()) await postgres.start()
      if (!kept.isRunning()) await redis.start()
    },
    async close() {
      await Promise.all([postgres.close(), redis.close()])
      await disk?.close()
      await rm(dataDir, { recursive: true, force: true })
    },
  }
}

/** A Redis of a run's own, and a database on the Postgres of all tests: that one is hurt on the way there only. */
export async function openSharedStores(): Promise<FaultStores> {
  const [stores, server] = await Promise.all([createTestStores(), startPrivateRedis()])
  const redis = syncing(server)
  await redis.configure('appendfsync', 'always')
  return {
    databaseUrl: stores.databaseUrl,
    redisUrl: redis.url,
    env: { MOMENTRY_MASTER_KEY: stores.masterKey, MOMENTRY_REDIS_PREFIX: `faults-${randomBytes(4).toString('hex')}` },
    redis,
    postgres: undefined,
    disk: undefined,
    missing: [],
    configure: redis.configure,
    rewrite: redis.rewrite,
    revive: async () => undefined,
    async close() {
      await Promise.all([stores.close(), redis.close()])
    },
  }
}

/*
 * With `everysec` a Redis that is killed while the disk syncs may lose what it answered meanwhile (docs/redis.md), and
 * then no book can balance. So it syncs before each answer, and anew after each start. While the disk is full it does not:
 * it would end itself.
 */
function syncing(server: TestServer): TestServer & Pick<FaultStores, 'configure' | 'rewrite'> {
  const configure: FaultStores['configure'] = async (name, value) => {
    const client = new Redis(server.url, { retryStrategy: () => 25, maxRetriesPerRequest: null })
    client.on('error', () => undefined)
    await client.config('SET', name, value)
    client.disconnect()
  }
  const rewrite = async () => {
    const client = new Redis(server.url, { retryStrategy: () => 25, maxRetriesPerRequest: null })
    client.on('error', () => undefined)
    await client.bgrewriteaof()
    while (/aof_rewrite_(in_progress|scheduled):1/.test(await client.info('persistence'))) await pause(25)
    client.disconnect()
  }
  return {
    ...server,
    configure,
    rewrite,
    async start() {
      await server.start()
      await configure('appendfsync', 'always')
    },
  }
}
