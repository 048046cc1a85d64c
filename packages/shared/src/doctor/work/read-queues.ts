import { Queue } from 'bullmq'
import type { CreateRedis } from '../../platform/redis/client.ts'
import { closeRedis } from '../../platform/redis/client.ts'
import type { Names } from '../../platform/redis/names.ts'
import { queueNames, upkeepQueue } from './queue-names.ts'

export interface QueueReading {
  name: string
  /** What comes round by itself is on this one. */
  hasSchedules: boolean
  isPaused: boolean
  /** Jobs that nobody works on yet. */
  waiting: number
  active: number
  /** Since when the oldest of the active ones is worked on, ms since 1970. */
  oldestActiveAt: number | undefined
  /** The latest ones that failed. */
  failed: readonly { name: string; at: number }[]
  /** What comes round by itself, and when next, ms since 1970. */
  schedules: readonly { name: string; next: number | undefined }[]
}

/** Jobs of one kind that are looked at. */
const page = 100
/** It writes nothing, and prints nothing about Redis by itself: that is judged elsewhere. */
const quiet = { skipMetasUpdate: true, skipVersionCheck: true }

export async function readQueues(deps: { createRedis: CreateRedis; names: Names }): Promise<QueueReading[]> {
  const connection = deps.createRedis('queue')
  try {
    const readings: QueueReading[] = []
    for (const name of queueNames) {
      const queue = new Queue(name, { ...quiet, connection, prefix: deps.names.queuePrefix })
      queue.on('error', () => undefined)
      readings.push(await readQueue(queue))
    }
    return readings
  } finally {
    await closeRedis(connection)
  }
}

async function readQueue(queue: Queue): Promise<QueueReading> {
  const counts = await queue.getJobCounts('wait', 'prioritized', 'active')
  const active = await queue.getActive(0, page)
  const failed = await queue.getFailed(0, page)
  const schedules = await queue.getJobSchedulers(0, page)
  return {
    name: queue.name,
    hasSchedules: queue.name === upkeepQueue,
    isPaused: await queue.isPaused(),
    waiting: (counts['wait'] ?? 0) + (counts['prioritized'] ?? 0),
    active: counts['active'] ?? 0,
    oldestActiveAt: active.flatMap((job) => job?.processedOn ?? []).sort((a, b) => a - b)[0],
    failed: failed.flatMap((job) => (job?.finishedOn === undefined ? [] : [{ name: job.name, at: job.finishedOn }])),
    schedules: schedules.map(({ key, next }) => ({ name: key, next })),
  }
}
