import { type CreateRedis, closeRedis } from './client.ts'

/**
 * Calls back at each message on a channel, over a connection of its own that subscribes again after an outage. What is
 * published meanwhile is missed.
 * @returns ends it
 */
export function listenTo(createRedis: CreateRedis, channel: string, onMessage: () => void): () => Promise<void> {
  const redis = createRedis('subscriber')
  redis.on('message', onMessage)
  redis.subscribe(channel).catch(() => undefined)
  return () => closeRedis(redis)
}
