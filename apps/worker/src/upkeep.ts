import { pruneIdempotency } from '@momentry/shared/idempotency/prune.ts'
import { sweepChanges } from '@momentry/shared/keys/changes/publish.ts'
import type { Logger } from '@momentry/shared/platform/process/log.ts'
import { createRepeatedJobs, type RepeatedJobs } from '@momentry/shared/platform/process/repeat.ts'
import type { Stores } from '@momentry/shared/platform/stores.ts'
import { drainRollUp } from '@momentry/shared/usage/roll-up/flush.ts'
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
    const deps = { redis, pool: postgres.pool, names }
    const outcomes = { sums: 0, failed: 0 }
    for (let partition = 0; partition < partitions; partition += 1) {
      try {
        const sums = await drainRollUp(deps, partition)
        metrics.flushed(sums)
        outcomes.sums += sums
      } catch (error) {
        // The others go on: what waits in this one is tried again at the next turn.
        metrics.flushFailed(partition)
        outcomes.failed += 1
        log.warn({ err: error, partition }, 'sums could not be carried to Postgres')
      }
    }
    return outcomes
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
