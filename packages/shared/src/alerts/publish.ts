import type { RedisClient } from '../platform/redis/client.ts'
import type { Names } from '../platform/redis/names.ts'
import type { Alert } from './alert.ts'

/** Tells of an alert on the channel that operators and programs subscribe to. */
export async function publishAlert(redis: RedisClient, names: Names, alert: Alert): Promise<void> {
  await redis.publish(names.alertChannel, JSON.stringify(alert))
}
