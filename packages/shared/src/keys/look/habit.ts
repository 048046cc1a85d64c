import { readState } from '../../anomalies/detect/state-codec.ts'
import type { AnomalyThresholds } from '../../config.ts'
import { isRedisUnavailable, type RedisClient } from '../../platform/redis/client.ts'
import type { Names } from '../../platform/redis/names.ts'
import { partitionOf } from '../../usage/partition.ts'
import { type Habit, limits } from '../../usage/window/window.ts'
import type { KeyActivity } from './activity-schema.ts'

type HabitView = Pick<KeyActivity, 'hourOfWeek' | 'habit'>

const msPerDay = 86_400_000
/** Detection counts hours of the week from Thursday 00:00 UTC, where 1970 began; people begin on Monday. */
const mondayOffset = 96

/** Reads what detection has learnt of a key: the very sums by which `unusual_time` judges. @param now ms since 1970 */
export async function readHabit(
  deps: { redis: RedisClient; names: Names; partitions: number; thresholds: AnomalyThresholds; now: number },
  keyId: string,
): Promise<HabitView> {
  const { redis, names, partitions, thresholds, now } = deps
  try {
    const bytes = await redis.getBuffer(names.window(partitionOf(keyId, partitions), keyId))
    return viewHabit(readState(bytes ?? undefined, now).state.window.habit, thresholds, now)
  } catch (error) {
    if (isRedisUnavailable(error)) return { hourOfWeek: new Array<number>(limits.hoursPerWeek).fill(0), habit: null }
    throw error
  }
}

/** Shows a habit by the hours of a week that begins on Monday, hours that late events may still reach among them. */
export function viewHabit(habit: Habit, thresholds: AnomalyThresholds, now: number): HabitView {
  const byHour = [...habit.hoursOfWeek]
  for (const { hour, requests } of habit.recent) {
    const index = hour % limits.hoursPerWeek
    byHour[index] = (byHour[index] ?? 0) + requests
  }
  const hourOfWeek = Array.from(byHour, (_, hour) => byHour[(hour + mondayOffset) % limits.hoursPerWeek] ?? 0)
  const requests = byHour.reduce((sum, count) => sum + count, 0)
  const days = habit.since === 0 ? 0 : Math.max(0, (now - habit.since * 1000) / msPerDay)
  return {
    hourOfWeek,
    habit: { days, requests, ready: days >= thresholds.timeMinDays && requests >= thresholds.timeMinHistory },
  }
}
