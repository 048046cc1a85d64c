import type { Logger } from '@momentry/shared/platform/process/log.ts'
import type { Stores } from '@momentry/shared/platform/stores.ts'
import { drainRollUp } from '@momentry/shared/usage/roll-up/flush.ts'
import type { WorkerMetrics } from './metrics.ts'

export interface CarrySumsDeps {
  stores: Pick<Stores, 'names' | 'postgres' | 'redis'>
  partitions: number
  metrics: Pick<WorkerMetrics, 'flushed' | 'flushFailed'>
  log: Logger
}

/** Carries the sums of all partitions to Postgres. Where one fails the others go on: it is tried again at the next turn. */
export async function carrySums({ stores, partitions, metrics, log }: CarrySumsDeps) {
  const { names, postgres, redis } = stores
  const outcomes = { sums: 0, failed: 0 }
  for (let partition = 0; partition < partitions; partition += 1) {
    try {
      const sums = await drainRollUp({ redis, pool: postgres.pool, names }, partition)
      metrics.flushed(sums)
      outcomes.sums += sums
    } catch (error) {
      metrics.flushFailed(partition)
      outcomes.failed += 1
      log.warn({ err: error, partition }, 'sums could not be carried to Postgres')
    }
  }
  return outcomes
}
