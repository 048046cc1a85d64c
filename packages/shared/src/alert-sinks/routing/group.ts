import { type Alert, subjectOf } from '../../alerts/alert.ts'
import type { Severity } from '../../anomalies/finding.ts'
import type { QuietHours } from '../schemas.ts'
import { quietEnd } from './quiet-hours.ts'

/** Messages of one sink that wait for their first attempt, at the most; alerts beyond join one that takes all. */
export const maxOpenMessages = 20

/** Of the message that takes all then. */
export const restKey = 'rest'

/** What the rule knows of an alert of the log. */
export interface Told {
  seq: number
  alert: Alert
}

/** What the rule knows of a sink. */
export interface SinkTimes {
  /** 0: each alert goes on its own. */
  groupSeconds: number
  quietHours: QuietHours | null
  /** Its messages that wait for their first attempt. */
  open: number
  /** When it last got a critical message of the same subject (ms). */
  lastCriticalAt: number | undefined
}

/** Which message an alert belongs into, and when that one goes out (ms) if it is not there yet or would go later. */
export interface Plan {
  groupKey: string
  at: number
}

/** What the alerts of one message have in common: of whom they tell, and by which rule or of which type. */
export function groupKeyOf(alert: Alert): string {
  // An anomaly that grows graver belongs to what was told of it first.
  const what = 'rule' in alert.data ? alert.data.rule : alert.type
  return `${subjectOf(alert)} ${what}`
}

/**
 * Plans the message of an alert: after the time in which others may join it, or at the end of the quiet time, all of it
 * together. What is critical goes at once, but no second time about the same subject within the time of grouping.
 * @param now ms
 */
export function planMessage({ seq, alert }: Told, sink: SinkTimes, now: number): Plan {
  const { severity } = alert.data
  const groupMs = sink.groupSeconds * 1000
  const ownKey = groupMs > 0 ? groupKeyOf(alert) : `${seq}`
  const groupKey = sink.open >= maxOpenMessages ? restKey : ownKey
  if (severity === 'critical') {
    const last = sink.lastCriticalAt
    return { groupKey, at: last === undefined ? now : Math.max(now, last + groupMs) }
  }
  const at = now + groupMs
  const quiet = sink.quietHours
  const end = quiet ? (quietEnd(quiet, now) ?? quietEnd(quiet, at)) : undefined
  return end === undefined ? { groupKey, at } : { groupKey: 'quiet', at: end }
}

/** Tells whether a message may go out at a time, or else when it may (ms): nothing but what is critical breaks the quiet. */
export function waitForQuiet(
  { quietHours }: { quietHours: QuietHours | null },
  severity: Severity | null,
  at: number,
): number | undefined {
  if (!quietHours || severity === null || severity === 'critical') return undefined
  return quietEnd(quietHours, at)
}
