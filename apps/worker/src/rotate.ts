import { createAlertSender } from '@momentry/shared/alerts/send.ts'
import type { Config } from '@momentry/shared/config.ts'
import { publishChangesOf } from '@momentry/shared/keys/changes/publish.ts'
import { systemContext } from '@momentry/shared/keys/changes/system-context.ts'
import type { Logger } from '@momentry/shared/platform/process/log.ts'
import type { Seal } from '@momentry/shared/platform/seal.ts'
import type { Stores } from '@momentry/shared/platform/stores.ts'
import type { Tracing } from '@momentry/shared/platform/tracing/tracing.ts'
import { maxAttempts, queueName } from '@momentry/shared/rotation/queue.ts'
import { giveBack, takeDispatchable } from '@momentry/shared/rotation/work/dispatch.ts'
import { createRotator } from '@momentry/shared/rotation/work/rotate.ts'
import type { WorkerMetrics } from './metrics.ts'
import { workOnRows } from './work-on-rows.ts'

export interface RotateDeps {
  stores: Stores
  config: Pick<Config, 'rotation' | 'usage'>
  seal: Seal
  metrics: Pick<WorkerMetrics, 'rotationTried'>
  tracing: Tracing
  log: Logger
}

/** Works on rotations of Momentry's own keys until it is closed. */
export function startRotating({ stores, config, seal, metrics, tracing, log }: RotateDeps): { close(): Promise<void> } {
  const { names, postgres, redis } = stores
  const rotate = createRotator({
    context: systemContext(stores, 'worker', log),
    seal,
    intervals: config.rotation.intervals,
    publishChangesOf: (keyId) => publishChangesOf({ db: postgres.db, redis, names, log }, keyId),
    sendAlert: createAlertSender({ redis, names, partitions: config.usage.partitions, trace: tracing.current }),
    onAttempt: metrics.rotationTried,
    log,
  })
  return workOnRows(
    { stores, tracing, log },
    {
      queue: queueName,
      concurrency: 8,
      attempts: maxAttempts,
      take: (limit) => takeDispatchable(postgres.db, limit),
      giveBack: (rows) => giveBack(postgres.db, rows),
      work: rotate,
    },
  )
}
