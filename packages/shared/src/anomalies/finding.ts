export const severities = ['low', 'medium', 'high', 'critical'] as const
export type Severity = (typeof severities)[number]

export const anomalyStates = ['open', 'acknowledged', 'resolved'] as const
export type AnomalyState = (typeof anomalyStates)[number]

/** What a rule sees in a key's window whose condition holds or is close to it, so that an episode that is open goes on. All times are seconds since 1970, both ends included. */
export interface Reading {
  observed: number
  threshold: number
  /** What is usual for the key, where the rule knows that. */
  baseline?: number
  window: { start: number; end: number }
  /** The rule's condition holds. */
  fires: boolean
  severity: Severity
  explanation: string
}

/** What happened to an anomaly, as it travels from the worker to the alerter. */
export interface Finding {
  kind: 'opened' | 'escalated' | 'ended'
  /** The anomaly's id: the same however often it is found. */
  id: string
  keyId: string
  rule: string
  severity: Severity
  observed: number
  threshold: number
  baseline?: number
  window: { start: number; end: number }
  explanation: string
  /** The second in which the key was calm again; with `ended` only. */
  endedAt?: number
}

/** Tells whether the first severity is graver than the second. */
export function isGraver(first: Severity, second: Severity): boolean {
  return severities.indexOf(first) > severities.indexOf(second)
}

/** Gives the gravest severity whose step a ratio reaches; steps ascend and belong to medium, high and critical. */
export function severityOf(ratio: number, steps: { high: number; critical: number }): Severity {
  if (ratio >= steps.critical) return 'critical'
  return ratio >= steps.high ? 'high' : 'medium'
}
