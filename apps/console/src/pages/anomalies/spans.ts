import type { Anomaly } from '../../api/alerts/anomalies.ts'

const minute = 60_000
const hour = 60 * minute

export interface Span {
  from: string
  to: string
  interval: 'minute' | 'hour'
}

/**
 * The time that a chart of an anomaly shows: its window, with enough before and after to see what is usual.
 * @param now milliseconds since 1970; nothing after it is asked for
 */
export function spanAround({ rule, window, endedAt }: Anomaly, now: number): Span {
  const start = Date.parse(window.start)
  const end = Math.max(Date.parse(window.end), endedAt ? Date.parse(endedAt) : 0)
  if (rule === 'unusual_time')
    return {
      from: floor(start - 3 * 24 * hour, hour),
      to: floor(Math.min(end + 24 * hour, now + hour), hour),
      interval: 'hour',
    }
  const before = Math.max(30 * minute, (end - start) / 2)
  // A long episode is shown by its beginning: a chart of minutes has room for half a day.
  const last = Math.min(end + 30 * minute, start + 12 * hour, now + minute)
  return { from: floor(start - before, minute), to: floor(last, minute), interval: 'minute' }
}

const floor = (at: number, step: number): string => new Date(Math.floor(at / step) * step).toISOString()
