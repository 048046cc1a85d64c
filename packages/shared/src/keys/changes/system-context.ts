import { systemClock } from '../../platform/clock.ts'
import { type Context, systemActor } from '../../platform/context.ts'
import type { Logger } from '../../platform/process/log.ts'
import type { Stores } from '../../platform/stores.ts'
import { createChangePublisher } from './publish.ts'

/**
 * Makes what verbs are given where Momentry acts by itself.
 * @param process its name, which stands in the audit log where a request's id would
 */
export function systemContext(
  { postgres, redis, names, signer }: Pick<Stores, 'postgres' | 'redis' | 'names' | 'signer'>,
  process: string,
  log: Logger,
): Context {
  return {
    db: postgres.db,
    actor: systemActor,
    requestId: process,
    now: systemClock,
    publishChanges: createChangePublisher({ db: postgres.db, redis, names, log }),
    signer,
  }
}
