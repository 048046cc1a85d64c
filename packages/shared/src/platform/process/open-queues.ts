import { Queue } from 'bullmq'
import { type CreateRedis, closeRedis, type RedisClient } from '../redis/client.ts'

export interface OpenQueues {
  queues: readonly Queue[]
  /** Tells whether Redis can be asked just now: BullMQ itself would wait for it however long. */
  connection: RedisClient
  close(): Promise<void>
}

/**
 * Opens BullMQ queues to look at them, and works on none. It writes nothing by itself.
 * @param options.prefix a key prefix with a hash tag, as Redis Cluster needs it
 */
export function openQueues(options: {
  createRedis: CreateRedis
  prefix: string
  queueNames: readonly string[]
}): OpenQueues {
  const { createRedis, prefix, queueNames } = options
  const connection = createRedis('queue')
  const queues = queueNames.map((name) => {
    const queue = new Queue(name, { connection, prefix, skipMetasUpdate: true, skipVersionCheck: true })
    // Each reports every failed attempt to reconnect; the factory's connection tells of an outage already, once.
    queue.on('error', () => undefined)
    return queue
  })
  return {
    queues,
    connection,
    async close() {
      if (connection.status === 'ready') await Promise.all(queues.map((queue) => queue.close()))
      await closeRedis(connection)
    },
  }
}
