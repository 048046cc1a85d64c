import { hourOf } from '../../../usage/window/fold-habit.ts'
import { type Habit, limits } from '../../../usage/window/window.ts'
import { severityOf } from '../../finding.ts'
import type { Rule } from './rule.ts'

const secondsPerDay = 86_400
const secondsPerHour = 3600

/**
 * Requests in an hour of the week (UTC) that, with its two neighbours, holds next to nothing of the key's history
 * (DESIGN.md section 7). The history of an hour is all that came before that hour.
 */
export const unusualTime: Rule = {
  name: 'unusual_time',
  quietSeconds: secondsPerHour,
  judged: 'at-once',
  read({ habit }, ends, thresholds) {
    const hour = hourOf(ends.from)
    const days = (hour * secondsPerHour - habit.since) / secondsPerDay
    if (days < thresholds.timeMinDays) return undefined
    const observed = habit.recent.find((entry) => entry.hour === hour)?.requests ?? 0
    if (observed < thresholds.timeMinRequests) return undefined
    const { total, near } = historyBefore(habit, hour)
    if (total < thresholds.timeMinHistory) return undefined
    const share = near / total
    if (share >= thresholds.timeMaxShare) return undefined
    return {
      observed,
      threshold: thresholds.timeMinRequests,
      baseline: share,
      window: { start: hour * secondsPerHour, end: (hour + 1) * secondsPerHour - 1 },
      fires: true,
      severity: severityOf(observed / thresholds.timeMinRequests, { high: 10, critical: 100 }),
      explanation: `${observed} requests in an hour of the week that, with its neighbours, holds ${near} of the ${total} requests before it`,
    }
  },
}

/** Sums the history before an hour: all of it, and what of it lies in the same hour of the week or beside it. */
function historyBefore(habit: Habit, hour: number): { total: number; near: number } {
  const neighbours = new Set([-1, 0, 1].map((step) => (hour + step) % limits.hoursPerWeek))
  let total = 0
  let near = 0
  const add = (hourOfWeek: number, requests: number) => {
    total += requests
    if (neighbours.has(hourOfWeek)) near += requests
  }
  for (const [hourOfWeek, requests] of habit.hoursOfWeek.entries()) add(hourOfWeek, requests)
  for (const entry of habit.recent) if (entry.hour < hour) add(entry.hour % limits.hoursPerWeek, entry.requests)
  return { total, near }
}
