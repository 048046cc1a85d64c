import { once } from 'node:events'
import type { Config } from '@momentry/shared/config.ts'
import { createPostgres } from '@momentry/shared/platform/postgres/client.ts'
import { createLogger } from '@momentry/shared/platform/process/log.ts'
import { readAuthorities } from '@momentry/shared/platform/redis/access.ts'
import { createRedisFactory } from '@momentry/shared/platform/redis/client.ts'

/** How long a Redis may take to answer for the first time; so long it may still load its data. */
const patienceMs = 5_000
const silentLog = () => createLogger({ name: 'launcher', level: 'silent' })

/**
 * Makes sure that the stores answer that are not embedded, before anything is started for them.
 * @throws Error, one line for people, where one does not
 */
export async function requireStores({
  databaseUrl,
  redisUrl,
  redisAccess,
}: Pick<Config, 'databaseUrl' | 'redisUrl' | 'redisAccess'>): Promise<void> {
  if (databaseUrl !== undefined) await requirePostgres(databaseUrl)
  if (redisUrl !== undefined) await requireRedis(redisUrl, redisAccess)
}

/** @throws Error, one line for people, where no PostgreSQL answers at the URL */
export async function requirePostgres(url: string): Promise<void> {
  await orName('DATABASE_URL: PostgreSQL', async () => {
    const postgres = createPostgres({ url, poolSize: 1, applicationName: 'momentry-launcher', log: silentLog() })
    await postgres.pool.query('SELECT 1').finally(postgres.close)
  })
}

async function requireRedis(url: string, { sentinelName, caFile }: Config['redisAccess']): Promise<void> {
  await orName('REDIS_URL: Redis', async () => {
    const redis = createRedisFactory({
      url,
      access: { sentinelName, ca: readAuthorities(caFile) },
      name: 'momentry-launcher',
      log: silentLog(),
    })('blocking')
    await once(redis, 'ready', { signal: AbortSignal.timeout(patienceMs) }).finally(() => redis.disconnect())
  })
}

async function orName(what: string, ask: () => Promise<unknown>): Promise<void> {
  try {
    await ask()
  } catch (cause) {
    throw new Error(`${what} cannot be used (${explain(cause)})`, { cause })
  }
}

/** What drivers say of a connection names hosts, users and databases, and no password. */
function explain(error: unknown): string {
  if (!(error instanceof Error)) return 'no reason given'
  if (error.name === 'AbortError') return `no answer within ${patienceMs / 1000} s`
  // For a name with several addresses Node gives an error without a message.
  return error.message || ('code' in error ? String(error.code) : error.name)
}
