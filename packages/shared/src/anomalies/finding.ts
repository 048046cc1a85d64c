export const severities = ['low', 'medium', 'high', 'critical'] as const
export type Severity = (typeof severities)[number]

export const anomalyStates = ['open', 'acknowledged', 'resolved'] as const
export type AnomalyState = (typeof anomalyStates)[number]

export const ruleNames = ['high_request_rate', 'high_error_rate', 'multiple_ips', 'unusual_time'] as const
export type RuleName = (typeof ruleNames)[number]

/** Tells whether the first severity is graver than the second. */
export function isGraver(first: Severity, second: Severity): boolean {
  return severities.indexOf(first) > severities.indexOf(second)
}
