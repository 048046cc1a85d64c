import { pruneIdempotency } from '@momentry/shared/idempotency/prune.ts'
import { sweepChanges } from '@momentry/shared/keys/changes/publish.ts'
import type { Logger } from '@momentry/shared/platform/process/log.ts'
import { createRepeatedJobs, type RepeatedJobs } from '@momentry/shared/platform/process/repeat.ts'
import type { Stores } from '@momentry/shared/platform/stores.ts'
import { flushRollUp } from '@momentry/shared/usage/roll-up/flush.ts'
import { pruneFlushes } from '@momentry/shared/usage/roll-up/prune.ts'
import type { WorkerMetrics } from './metrics.ts'

export interface UpkeepDeps {
  stores: Stores
  partitions: number
  metrics: WorkerMetrics
  log: Logger
}

const second = 1_000
const hour = 3_600_000

/** Whoever committed a change publishes it within milliseconds; what is older was left by somebody who died. */
const abandonedMs = second

/** The work that comes round, each turn done by one worker: sums to Postgres, changes left unpublished, old rows. */
export function startUpkeep({ stores, partitions, metrics, log }: UpkeepDeps): RepeatedJobs {
  const { names, postgres, redis, createRedis } = stores
  const rollUp = async () => {
    let sums = 0
    for (let partition = 0; partition < partitions; partition += 1) {
      for (let flushed = 1; flushed > 0; sums += flushed) {
        flushed = await flushRollUp({ redis, pool: postgres.pool, names }, partition)
      }
    }
    metrics.flushed(sums)
    return { sums }
  }
  const publishChanges = async () => ({
    published: await sweepChanges({ db: postgres.db, redis, names, log }, abandonedMs),
  })
  const prune = async () => ({
    flushes: await pruneFlushes(postgres.pool),
    answers: await pruneIdempotency(postgres.db, Date.now()),
  })
  return createRepeatedJobs({
    createRedis,
    prefix: names.queuePrefix,
    queue: 'upkeep',
    jobs: {
      'roll-up': { everyMs: second, run: rollUp },
      'publish-changes': { everyMs: second, run: publishChanges },
      prune: { everyMs: hour, run: prune },
    },
    log,
  })
}
