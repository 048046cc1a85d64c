import { ToneBadge } from './badge.tsx'
import { type Severity, severityTones } from './tones.ts'

/** How grave something is. */
export function SeverityBadge({ severity }: { severity: Severity }) {
  return <ToneBadge tone={severityTones[severity]}>{severity}</ToneBadge>
}
