import { readConfig } from '@momentry/shared/config.ts'
import { examine } from '@momentry/shared/doctor/examine.ts'
import type { Finding } from '@momentry/shared/doctor/finding.ts'
import { createPostgres } from '@momentry/shared/platform/postgres/client.ts'
import { createLogger } from '@momentry/shared/platform/process/log.ts'
import { closeRedis, createRedisFactory, whenReady } from '@momentry/shared/platform/redis/client.ts'
import { createNames } from '@momentry/shared/platform/redis/names.ts'

const statementTimeoutMs = 10_000

/** What `momentry doctor` finds, without a process of its own. @param env what a process of Momentry is given */
export async function examineStores(env: Record<string, string>): Promise<Finding[]> {
  const config = readConfig(env)
  const log = createLogger({ name: 'test', level: 'silent' })
  const url = env['DATABASE_URL'] ?? ''
  const postgres = createPostgres({ url, poolSize: 2, statementTimeoutMs, applicationName: 'momentry-doctor', log })
  const createRedis = createRedisFactory({ url: env['REDIS_URL'] ?? '', name: 'momentry-doctor', log })
  const redis = createRedis('command')
  try {
    await whenReady(redis)
    return await examine({
      ...{ config, postgres, statementTimeoutMs, redis, createRedis, names: createNames(config.redisPrefix) },
      ...{ masterKeys: config.masterKeys, now: Date.now, deep: false, redisTrouble: () => undefined },
    })
  } finally {
    await Promise.all([closeRedis(redis), postgres.close()])
  }
}
