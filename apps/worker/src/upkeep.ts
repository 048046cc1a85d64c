import type { Config } from '@momentry/shared/config.ts'
import type { Logger } from '@momentry/shared/platform/log.ts'
import type { Names } from '@momentry/shared/platform/names.ts'
import type { Postgres } from '@momentry/shared/platform/postgres.ts'
import type { CreateRedis, RedisClient } from '@momentry/shared/platform/redis.ts'
import { createRepeatedJobs, type RepeatedJobs } from '@momentry/shared/platform/repeat.ts'
import { flushRollUp } from '@momentry/shared/usage/roll-up/flush.ts'
import type { WorkerMetrics } from './metrics.ts'

export interface UpkeepDeps {
  config: Config
  createRedis: CreateRedis
  redis: RedisClient
  postgres: Postgres
  names: Names
  metrics: WorkerMetrics
  log: Logger
}

/** The work that comes round, each turn done by one worker: sums to Postgres, changes left unpublished, old rows. */
export function startUpkeep({ config, createRedis, redis, postgres, names, metrics, log }: UpkeepDeps): RepeatedJobs {
  const rollUp = async () => {
    let sums = 0
    for (let partition = 0; partition < config.usage.partitions; partition += 1) {
      for (let flushed = 1; flushed > 0; sums += flushed) {
        flushed = await flushRollUp({ redis, pool: postgres.pool, names }, partition)
      }
    }
    metrics.flushed(sums)
    return { sums }
  }
  return createRepeatedJobs({
    createRedis,
    prefix: names.queuePrefix,
    queue: 'upkeep',
    jobs: { 'roll-up': { everyMs: 1_000, run: rollUp } },
    log,
  })
}
