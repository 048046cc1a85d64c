/** The rules of detection, as people say them. */
export const ruleNames: Readonly<Record<string, string>> = {
  high_request_rate: 'High request rate',
  high_error_rate: 'High error rate',
  multiple_ips: 'Many addresses',
  unusual_time: 'Unusual time',
  dead_key_used: 'Dead secret used',
  emergency_key_used: 'Emergency key used',
}

export const ruleOptions = Object.entries(ruleNames).map(([value, label]) => ({ value, label }))

/** A rule in words; one that the console does not know keeps its own name. */
export function ruleName(rule: string): string {
  return ruleNames[rule] ?? rule.replaceAll('_', ' ')
}
