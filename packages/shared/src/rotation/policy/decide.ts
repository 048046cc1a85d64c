import type { AnomalyAlert } from '../../alerts/alert.ts'
import { alarmRules } from '../../anomalies/detect/alarm.ts'
import { isGraver } from '../../anomalies/finding.ts'
import type { KeyPolicy } from '../../keys/fields/policy.ts'

/** At most one automatic action per key within this time, so that a storm does not rotate a key again and again. */
export const quietMs = 3_600_000

/**
 * Rules on which no policy acts. A dead secret harms nobody, and whoever has one could else bring down the key that
 * lives; that an emergency key is used is no reason to break it.
 */
const noReason: ReadonlySet<string> = new Set(alarmRules)

export interface PolicyDecision {
  action: 'disable' | 'rotate' | 'throttle'
  dryRun: boolean
}

/** Tells what a key's policy says to an anomaly. @returns undefined where nothing is to be done */
export function decide(
  policy: KeyPolicy,
  anomaly: Pick<AnomalyAlert['data'], 'rule' | 'severity'>,
): PolicyDecision | undefined {
  const { onAnomaly = 'none', minimumSeverity = 'high', dryRun = false } = policy
  if (onAnomaly === 'none' || noReason.has(anomaly.rule)) return undefined
  return isGraver(minimumSeverity, anomaly.severity) ? undefined : { action: onAnomaly, dryRun }
}
