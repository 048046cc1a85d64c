import { Queue, Worker } from 'bullmq'
import { type CreateRedis, closeRedis } from '../redis/client.ts'
import { brokenMs } from './job-queue.ts'
import type { Logger } from './log.ts'

/** When work comes round: each so many milliseconds, or by a cron pattern in UTC. */
export type Turns = { everyMs: number } | { cron: string }

/** Work that comes round: done by one of the processes that offer it, at each turn. */
export type RepeatedJob = Turns & {
  /** Must be harmless when two run it at once, and gives a short account of what it did. */
  run(): Promise<Record<string, unknown>>
}

export interface RepeatedJobs {
  close(): Promise<void>
}

/** How often the schedules are written again: a Redis that was emptied in between has forgotten them. */
const rescheduleMs = 15_000
const keptJobs = { removeOnComplete: { count: 100 }, removeOnFail: { count: 1_000 } }

/**
 * Offers repeated work to a BullMQ queue and works on it, so that it is done once a turn however many processes run.
 * @param options.prefix a key prefix with a hash tag, as Redis Cluster needs it
 */
export function createRepeatedJobs(options: {
  createRedis: CreateRedis
  prefix: string
  queue: string
  jobs: Readonly<Record<string, RepeatedJob>>
  log: Logger
}): RepeatedJobs {
  const { createRedis, prefix, jobs, log } = options
  const connections = [createRedis('queue'), createRedis('queue')] as const
  const queue = new Queue(options.queue, { connection: connections[0], prefix })
  const worker = new Worker(
    options.queue,
    async (job) => {
      const repeated = jobs[job.name]
      if (!repeated) throw new Error(`no such job: ${job.name}`)
      return repeated.run()
    },
    { connection: connections[1], prefix, concurrency: 4, runRetryDelay: brokenMs },
  )
  // Both report each failed attempt to reconnect; the factory's connections tell of an outage already, once.
  queue.on('error', () => undefined)
  worker.on('error', () => undefined)
  worker.on('failed', (job, error) =>
    log.warn({ err: error, job: job?.name }, 'a repeated job failed; its next turn comes'),
  )

  const schedule = async () => {
    for (const [name, job] of Object.entries(jobs)) {
      const turns = 'cron' in job ? { pattern: job.cron, tz: 'UTC' } : { every: job.everyMs }
      await queue.upsertJobScheduler(name, turns, { name, opts: keptJobs })
    }
  }
  const scheduleOrLog = () =>
    schedule().catch((error: unknown) => log.warn({ err: error }, 'schedules were not written'))
  void scheduleOrLog()
  const timer = setInterval(scheduleOrLog, rescheduleMs)

  return {
    async close() {
      clearInterval(timer)
      const reachable = connections.every((connection) => connection.status === 'ready')
      await worker.close(!reachable)
      if (reachable) await queue.close()
      await Promise.all(connections.map(closeRedis))
    },
  }
}
