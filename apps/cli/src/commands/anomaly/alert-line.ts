import type { Alert } from '../../api/shapes.ts'
import type { Output } from '../../output/output.ts'
import { printable } from '../../output/printable.ts'
import type { Style } from '../../output/style.ts'

const styles: Readonly<Record<string, Style>> = { critical: 'red', high: 'red', medium: 'yellow', low: 'dim' }

/** Tells an alert in one line. */
export function alertLine({ type, timestamp, data }: Alert, style: Output['style']): string {
  const time = timestamp.slice(0, 19).replace('T', ' ')
  const severity = style(styles[data.severity] ?? 'bold', data.severity.padEnd(8))
  const grown = type === 'anomaly.escalated' ? 'grown graver: ' : ''
  return `${time}  ${severity}  ${printable(data.rule.padEnd(17))}  ${printable(data.keyName)}: ${grown}${printable(data.explanation)}`
}
