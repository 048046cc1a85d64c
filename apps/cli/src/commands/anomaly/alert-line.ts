import type { Alert } from '../../api/shapes.ts'
import type { Output } from '../../output/output.ts'
import { printable } from '../../output/printable.ts'
import type { Style } from '../../output/style.ts'

const styles: Readonly<Record<string, Style>> = { critical: 'red', high: 'red', medium: 'yellow', low: 'dim' }

/** Tells an alert in one line: an anomaly by the rule that found it, anything else by its type. */
export function alertLine({ type, timestamp, data }: Alert, style: Output['style']): string {
  const time = timestamp.slice(0, 19).replace('T', ' ')
  const severity = style(styles[data.severity] ?? 'bold', data.severity.padEnd(8))
  const what = (isAnomalyAlert(type) ? data.rule : undefined) ?? type
  const grown = type === 'anomaly.escalated' ? 'grown graver: ' : ''
  return `${time}  ${severity}  ${printable(what.padEnd(18))}  ${printable(subjectOf(data))}: ${grown}${printable(data.explanation)}`
}

/** Tells whether an alert is of an anomaly, and not of a rotation, an expiry or a policy. */
export function isAnomalyAlert(type: string): boolean {
  return type.startsWith('anomaly.')
}

/** A key's name, a credential's on another system, or an address; Momentry itself where it is none of these. */
function subjectOf({ keyName, system, credentialName, address }: Alert['data']): string {
  if (credentialName !== undefined) return `${system} ${credentialName}`
  return keyName ?? address ?? 'Momentry'
}
