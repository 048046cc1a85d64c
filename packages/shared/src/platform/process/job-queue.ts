import { setTimeout as wait } from 'node:timers/promises'
import { Queue, Worker } from 'bullmq'
import { type CreateRedis, closeRedis } from '../redis/client.ts'
import type { Logger } from './log.ts'

export interface QueuedJob {
  /** The same job is on the queue once, however often it is added. */
  jobId: string
  /** All that the job carries: an id of a row … */
  rowId: string
  /** … and where what asked for it stands in a trace. */
  traceparent?: string | undefined
  /** Goes before those that are not. */
  urgent: boolean
}

/** A BullMQ queue, and this process as one of those that work on it. */
export interface JobQueue {
  /**
   * Adds jobs, or says at once that it cannot: BullMQ itself would wait for Redis however long.
   * @returns whether they were added, as far as is known
   */
  add(jobs: readonly QueuedJob[]): Promise<boolean>
  close(): Promise<void>
}

type JobData = Pick<QueuedJob, 'rowId' | 'traceparent'>

export interface JobQueueOptions {
  createRedis: CreateRedis
  /** A key prefix with a hash tag, as Redis Cluster needs it. */
  prefix: string
  queue: string
  /** Jobs that this process works on at a time. */
  concurrency: number
  /** Tries of one job, with exponential back-off between them. */
  attempts: number
  /** Does a job; must be harmless when it is done twice. */
  work(rowId: string, traceparent: string | undefined): Promise<void>
  log: Logger
}

/** A worker that is killed keeps its job for so long; another one takes it over then. */
const lockMs = 3_000
const backOffMs = 500
/** A worker whose connection broke waits so long before it asks again; BullMQ's own 15 s hold up jobs, and the end of the process. */
export const brokenMs = 1_000
/** A Redis that goes away meanwhile does not answer. */
const addMs = 2_000
/** Jobs with a priority come after those without one, the lower numbers first. */
const patient = { priority: 10 }

/**
 * Opens a queue whose jobs are rows elsewhere: BullMQ forgets each when it is done or given up, so that it can be added
 * again.
 */
export function createJobQueue(options: JobQueueOptions): JobQueue {
  const { createRedis, prefix, log } = options
  const connections = [createRedis('queue'), createRedis('queue')] as const
  const queue = new Queue<JobData>(options.queue, { connection: connections[0], prefix })
  const worker = new Worker<JobData>(options.queue, ({ data }) => options.work(data.rowId, data.traceparent), {
    connection: connections[1],
    prefix,
    concurrency: options.concurrency,
    lockDuration: lockMs,
    stalledInterval: lockMs / 2,
    runRetryDelay: brokenMs,
    // Each death of a worker makes a job stall; the row counts its attempts, so this must not end them.
    maxStalledCount: 1_000,
  })
  // Both report each failed attempt to reconnect; the factory's connections tell of an outage already, once.
  queue.on('error', () => undefined)
  worker.on('error', () => undefined)
  worker.on('failed', (job, error) =>
    log.warn({ err: error, rowId: job?.data.rowId, attempt: job?.attemptsMade }, 'a job failed'),
  )
  const defaults = {
    attempts: options.attempts,
    backoff: { type: 'exponential', delay: backOffMs, jitter: 0.5 },
    removeOnComplete: true,
    removeOnFail: true,
  }
  const isReachable = () => connections.every((connection) => connection.status === 'ready')

  return {
    async add(jobs) {
      if (!isReachable()) return false
      const entries = jobs.map(({ jobId, rowId, urgent, traceparent }) => ({
        name: options.queue,
        data: { rowId, ...(traceparent !== undefined && { traceparent }) },
        opts: { ...defaults, jobId, ...(!urgent && patient) },
      }))
      const added = queue.addBulk(entries).then(
        () => true,
        () => false,
      )
      return Promise.race([added, wait(addMs, false, { ref: false })])
    },
    async close() {
      const reachable = isReachable()
      await worker.close(!reachable)
      if (reachable) await queue.close()
      await Promise.all(connections.map(closeRedis))
    },
  }
}
