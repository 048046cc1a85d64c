import { createAlertSender } from '@momentry/shared/alerts/send.ts'
import type { Config } from '@momentry/shared/config.ts'
import { publishChangesOf } from '@momentry/shared/keys/changes/publish.ts'
import { systemContext } from '@momentry/shared/keys/changes/system-context.ts'
import { createJobQueue } from '@momentry/shared/platform/process/job-queue.ts'
import type { Logger } from '@momentry/shared/platform/process/log.ts'
import { listenTo } from '@momentry/shared/platform/redis/listen.ts'
import type { Seal } from '@momentry/shared/platform/seal.ts'
import type { Stores } from '@momentry/shared/platform/stores.ts'
import { maxAttempts, queueName } from '@momentry/shared/rotation/queue.ts'
import { type DispatchedRotation, giveBack, takeDispatchable } from '@momentry/shared/rotation/work/dispatch.ts'
import { createRotator } from '@momentry/shared/rotation/work/rotate.ts'
import type { WorkerMetrics } from './metrics.ts'
import { takeTurns } from './take-turns.ts'

export interface RotateDeps {
  stores: Stores
  config: Pick<Config, 'rotation' | 'usage'>
  seal: Seal
  metrics: Pick<WorkerMetrics, 'rotationTried'>
  log: Logger
}

/** Rotations that one process works on at a time. */
const concurrency = 8
const perDispatch = 500
/** How often rows are looked for that nobody told of. */
const dispatchMs = 1_000

/**
 * Works on rotations until it is closed. Rows come onto the BullMQ queue as soon as somebody tells of them, or a second
 * later; while Redis is away, they are worked on without a queue, since the rows alone are the truth.
 */
export function startRotating({ stores, config, seal, metrics, log }: RotateDeps): { close(): Promise<void> } {
  const { names, postgres, redis, createRedis } = stores
  const context = systemContext(stores, 'worker', log)
  const rotate = createRotator({
    context,
    seal,
    intervals: config.rotation.intervals,
    publishChangesOf: (keyId) => publishChangesOf({ db: postgres.db, redis, names, log }, keyId),
    sendAlert: createAlertSender({ redis, names, partitions: config.usage.partitions }),
    onAttempt: metrics.rotationTried,
    log,
  })
  const queue = createJobQueue({
    createRedis,
    prefix: names.queuePrefix,
    queue: queueName,
    concurrency,
    attempts: maxAttempts,
    work: rotate,
    log,
  })

  const dispatch = async () => {
    const rows = await takeDispatchable(postgres.db, perDispatch)
    if (rows.length === 0) return
    const jobs = rows.map(({ jobId, rotationId, forced }) => ({ jobId, rowId: rotationId, urgent: forced }))
    if (await queue.add(jobs)) return
    await workWithoutQueue(rows.filter(({ waits }) => waits))
  }

  /** A few at a turn, so that a forced one that comes meanwhile does not wait for all of them. */
  const workWithoutQueue = async (rows: readonly DispatchedRotation[]) => {
    if (rows.length === 0) return
    log.warn({ rotations: rows.length }, 'Redis is away: rotations are worked on without their queue')
    const later = rows.slice(concurrency)
    if (later.length > 0) {
      await giveBack(postgres.db, later)
      turns.ask()
    }
    const now = rows.slice(0, concurrency)
    await Promise.all(now.map(({ rotationId }) => rotate(rotationId).catch(() => undefined)))
  }

  const turns = takeTurns(dispatch, (error) => log.warn({ err: error }, 'rotations could not be put on their queue'))
  const stopListening = listenTo(createRedis, names.rotationChannel, turns.ask)
  const timer = setInterval(turns.ask, dispatchMs)
  turns.ask()
  return {
    async close() {
      clearInterval(timer)
      await stopListening()
      // First the queue: what waits for a Redis that is away is told so, and gives up.
      await queue.close()
      await turns.end()
    },
  }
}
