import type { Anomaly } from '../../api/alerts/anomalies.ts'
import { formatNumber, formatShare } from '../../parts/words/format.ts'

export interface Measure {
  /** What a value of this rule is, with its unit. */
  say: (value: number) => string
  /** What was measured: `Requests in 60 seconds`. */
  title: string
}

const count =
  (unit: string) =>
  (value: number): string =>
    `${formatNumber(value)} ${value === 1 && unit.endsWith('es') ? unit.slice(0, -2) : value === 1 ? unit.slice(0, -1) : unit}`

const measures: Readonly<Record<string, Measure>> = {
  high_request_rate: { say: count('requests'), title: 'Requests within 60 seconds' },
  high_error_rate: { say: formatShare, title: 'Share of requests that failed within 5 minutes' },
  multiple_ips: { say: count('addresses'), title: 'Different addresses within 60 minutes' },
  unusual_time: { say: count('requests'), title: 'Requests in this hour of the week' },
  dead_key_used: { say: count('uses'), title: 'Uses of a dead secret' },
  emergency_key_used: { say: count('uses'), title: 'Uses of the emergency key' },
}

/** How a rule's numbers are to be read. */
export function measureOf(rule: string): Measure {
  return measures[rule] ?? { say: formatNumber, title: 'Observed' }
}

/** An anomaly in one plain sentence: who did what, against which limit, and by how much. */
export function describeAnomaly({ rule, keyName, observed, threshold, baseline, explanation }: Anomaly): string {
  const times = threshold > 0 ? observed / threshold : 0
  const { say } = measureOf(rule)
  switch (rule) {
    case 'high_request_rate':
      return `${keyName} made ${say(observed)} within 60 seconds: ${ratio(times)} its threshold of ${formatNumber(threshold)}.`
    case 'high_error_rate':
      return `${say(observed)} of what ${keyName} asked for within 5 minutes failed; at most ${say(threshold)} is expected.`
    case 'multiple_ips':
      return `${keyName} was used from ${say(observed)} within an hour: ${ratio(times)} its threshold of ${formatNumber(threshold)}.`
    case 'unusual_time':
      return `${keyName} made ${say(observed)} in an hour of the week in which it is next to never used${
        baseline === undefined ? '' : ` (${baseline === 0 ? 'none' : formatShare(baseline)} of its history lies there)`
      }; ${say(threshold)} are enough to fire.`
    default:
      return `${keyName}: ${explanation}.`
  }
}

function ratio(times: number): string {
  if (times >= 1.95)
    return `${times >= 10 ? formatNumber(Math.round(times)) : formatNumber(Math.round(times * 10) / 10)} times`
  const above = Math.round((times - 1) * 100)
  return above > 0 ? `${above} % above` : 'at'
}
