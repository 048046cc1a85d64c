import { setTimeout as delay } from 'node:timers/promises'
import { fileURLToPath } from 'node:url'
import { Queue } from 'bullmq'
import { Redis } from 'ioredis'
import { startProgram } from '../harness/process.ts'
import { eventsPerReport } from './reports.ts'

const peer = fileURLToPath(new URL('../peers/bullmq.ts', import.meta.url))
const queueName = 'bench-bullmq'
/** Of a worker; its jobs do nothing, so more of them under way bring no more. */
const concurrency = 100
const everyMs = 5

/** BullMQ with a worker that waits for jobs. */
export interface BullmqSystem {
  /** Adds a job for each event, 1,000 in a call, and waits until a worker has had all of them. @returns events per second */
  process(events: readonly object[]): Promise<number>
  close(): Promise<void>
}

/** Starts BullMQ as it does best with many small jobs: added in bulk, removed when done, the worker in a process of its own. */
export async function startBullmq(redisUrl: string): Promise<BullmqSystem> {
  const connection = new Redis(redisUrl, { maxRetriesPerRequest: null })
  const queue = new Queue(queueName, { connection })
  const env = { BENCH_REDIS_URL: redisUrl, BENCH_QUEUE: queueName, BENCH_CONCURRENCY: String(concurrency) }
  const worker = await startProgram(peer, { env, place: 'anywhere' })
  return {
    async process(events) {
      const began = performance.now()
      for (let at = 0; at < events.length; at += eventsPerReport) {
        const jobs = events.slice(at, at + eventsPerReport)
        await queue.addBulk(jobs.map((data) => ({ name: 'event', data, opts: { removeOnComplete: true } })))
      }
      while ((await queue.getJobCountByTypes('wait', 'active', 'prioritized')) > 0) await delay(everyMs)
      if ((await queue.getFailedCount()) > 0) throw new Error('BullMQ had jobs that failed')
      return (events.length * 1000) / (performance.now() - began)
    },
    async close() {
      await worker.stop()
      await queue.obliterate({ force: true })
      await queue.close()
      connection.disconnect()
    },
  }
}
