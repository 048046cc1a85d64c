import { type Config, required } from '../config.ts'
import { createPostgres } from './postgres/client.ts'
import type { Logger } from './process/log.ts'
import { readAuthorities } from './redis/access.ts'
import { closeRedis, createRedisFactory, whenReady } from './redis/client.ts'
import { createNames } from './redis/names.ts'
import { auditPurpose, createSigner } from './sign.ts'

/** How long to wait for a connection to Postgres; short, since a service waits behind it for an answer. */
const connectTimeoutMs = 3_000

export type Stores = ReturnType<typeof openStores>

/**
 * Opens the stores of a process: Postgres, Redis for commands, and the signer of the audit log.
 * @param process its name, as the stores show it
 * @throws MomentryError `CONFIG_INVALID` where a URL or the master key is missing
 */
export function openStores(process: string, config: Config, log: Logger) {
  const name = `momentry-${process}`
  const databaseUrl = required(config.databaseUrl, 'DATABASE_URL')
  const signer = createSigner(required(config.masterKeys, 'MOMENTRY_MASTER_KEY'), auditPurpose)
  const redisUrl = required(config.redisUrl, 'REDIS_URL')
  const postgres = createPostgres({
    url: databaseUrl,
    poolSize: config.databasePoolSize,
    statementTimeoutMs: config.databaseStatementTimeoutMs,
    connectTimeoutMs,
    applicationName: name,
    log,
  })
  const { sentinelName, caFile } = config.redisAccess
  const access = { sentinelName, ca: readAuthorities(caFile) }
  const createRedis = createRedisFactory({ url: redisUrl, access, name, log })
  const redis = createRedis('command')
  return {
    names: createNames(config.redisPrefix),
    postgres,
    redis,
    /** Resolves when Redis can be asked, or after a moment where it cannot: a process starts without it as well. */
    ready: whenReady(redis),
    /** For what needs a connection of its own: a blocking reader, a subscriber, a queue. */
    createRedis,
    /** Signs the audit log, which every process writes to. */
    signer,
    async close() {
      await Promise.all([closeRedis(redis), postgres.close()])
    },
  }
}
