import { Worker } from 'bullmq'
import { Redis } from 'ioredis'

/**
 * The peer of taking events: a worker of BullMQ with a job for each event, which does nothing with it. BENCH_REDIS_URL and
 * BENCH_QUEUE say where the jobs are, BENCH_CONCURRENCY how many it works on at a time.
 */
const connection = new Redis(process.env['BENCH_REDIS_URL'] ?? '', { maxRetriesPerRequest: null })
const worker = new Worker(process.env['BENCH_QUEUE'] ?? '', async () => undefined, {
  connection,
  concurrency: Number(process.env['BENCH_CONCURRENCY']),
})
await worker.waitUntilReady()
process.send?.({ type: 'ready' })
process.once('SIGTERM', () => process.exit(0))
