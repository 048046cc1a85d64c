/** What a colour means; `look.css` has its shades. */
export type Tone = 'neutral' | 'info' | 'good' | 'warn' | 'high' | 'bad' | 'accent'

export const severities = ['low', 'medium', 'high', 'critical'] as const
export type Severity = (typeof severities)[number]

export const severityTones: Readonly<Record<Severity, Tone>> = {
  low: 'info',
  medium: 'warn',
  high: 'high',
  critical: 'bad',
}

/** How grave a severity is, to sort by. */
export function severityRank(severity: Severity): number {
  return severities.indexOf(severity)
}
