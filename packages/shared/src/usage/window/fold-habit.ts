import type { SecondTally } from './tally.ts'
import { type Habit, limits, oldestJudged } from './window.ts'

const secondsPerHour = 3600

/** Gives the hour since 1970 of a second. */
export function hourOf(second: number): number {
  return Math.floor(second / secondsPerHour)
}

/** Adds one second's requests to a key's habit, in place. An hour joins the sums once no late event can reach it. */
export function foldHabit(habit: Habit, tally: SecondTally, newest: number): void {
  habit.since = habit.since === 0 ? tally.second : Math.min(habit.since, tally.second)
  const hour = hourOf(tally.second)
  const recent = habit.recent.find((entry) => entry.hour === hour)
  if (recent) recent.requests += tally.requests
  else habit.recent.push({ hour, requests: tally.requests })
  habit.recent.sort((a, b) => a.hour - b.hour)

  const oldestOpen = hourOf(oldestJudged(newest))
  if ((habit.recent[0]?.hour ?? oldestOpen) >= oldestOpen) return
  for (const closed of habit.recent.filter((entry) => entry.hour < oldestOpen)) {
    const index = closed.hour % limits.hoursPerWeek
    habit.hoursOfWeek = habit.hoursOfWeek.with(index, (habit.hoursOfWeek[index] ?? 0) + closed.requests)
  }
  habit.recent = habit.recent.filter((entry) => entry.hour >= oldestOpen)
}
