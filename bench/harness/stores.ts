import { randomBytes } from 'node:crypto'
import { migrateDatabase } from '@momentry/shared/platform/postgres/migrate.ts'
import { Redis } from 'ioredis'
import pg from 'pg'
import { databaseUrl, runSql } from '../../test/support/servers/database.ts'
import { findServers } from '../../test/support/servers/servers.ts'

/** A PostgreSQL and a Redis, of which each installation has a part of its own. */
export interface Stores {
  redisUrl: string
  /** Makes an installation: an empty database with the schema, and a prefix of its own in Redis. */
  createInstallation(): Promise<Installation>
  /** Which Redis and which PostgreSQL they are. */
  versions(): Promise<Record<string, string>>
  close(): Promise<void>
}

export interface Installation {
  databaseUrl: string
  redisUrl: string
  prefix: string
  masterKey: string
  /** What a process of Momentry needs to run on it. */
  env: Record<string, string>
  close(): Promise<void>
}

const template = 'momentry_bench'

/** Starts both servers, as tests do; where Docker answers they are containers. */
export async function startStores(): Promise<Stores> {
  const servers = await findServers()
  const [postgres, redis] = await Promise.all([servers.startPostgres(), servers.startRedis()])
  const adminUrl = databaseUrl(postgres.url, 'postgres')
  await runSql(adminUrl, `CREATE DATABASE ${template}`)
  await migrateDatabase(databaseUrl(postgres.url, template))
  return {
    redisUrl: redis.url,
    async createInstallation() {
      const id = randomBytes(6).toString('hex')
      const url = databaseUrl(adminUrl, `bench_${id}`)
      await runSql(adminUrl, `CREATE DATABASE bench_${id} TEMPLATE ${template}`)
      const own = {
        databaseUrl: url,
        redisUrl: redis.url,
        prefix: `bench-${id}`,
        masterKey: randomBytes(32).toString('base64'),
      }
      return {
        ...own,
        env: {
          DATABASE_URL: own.databaseUrl,
          REDIS_URL: own.redisUrl,
          MOMENTRY_REDIS_PREFIX: own.prefix,
          MOMENTRY_MASTER_KEY: own.masterKey,
          PORT: '0',
        },
        close: () => runSql(adminUrl, `DROP DATABASE IF EXISTS bench_${id} WITH (FORCE)`),
      }
    },
    versions: () => readVersions(redis.url, adminUrl),
    async close() {
      await Promise.all([postgres.close(), redis.close()])
    },
  }
}

async function readVersions(redisUrl: string, databaseUrl: string): Promise<Record<string, string>> {
  const redis = new Redis(redisUrl)
  const client = new pg.Client({ connectionString: databaseUrl })
  await client.connect()
  try {
    const { rows } = await client.query<{ server_version: string }>('SHOW server_version')
    const ofRedis = /^redis_version:(\S+)/m.exec(await redis.info('server'))?.[1]
    return { Redis: ofRedis ?? 'unknown', PostgreSQL: rows[0]?.server_version.split(' ')[0] ?? 'unknown' }
  } finally {
    redis.disconnect()
    await client.end()
  }
}
