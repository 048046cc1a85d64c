import type { Names } from '../platform/names.ts'
import type { RedisClient } from '../platform/redis.ts'
import type { Alert } from './alert.ts'

/** Tells of an alert on the channel that operators and programs subscribe to. */
export async function publishAlert(redis: RedisClient, names: Names, alert: Alert): Promise<void> {
  await redis.publish(names.alertChannel, JSON.stringify(alert))
}
