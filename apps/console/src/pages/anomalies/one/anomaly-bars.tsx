import type { Anomaly } from '../../../api/alerts/anomalies.ts'
import { severityTones } from '../../../parts/badges/tones.ts'
import { CompareBars } from '../../../parts/charts/compare-bars.tsx'
import { formatShare } from '../../../parts/words/format.ts'
import { measureOf } from '../describe.ts'

/** What was observed beside what would have been well. */
export function AnomalyBars({ anomaly }: { anomaly: Anomaly }) {
  const { rule, severity, observed, threshold, baseline } = anomaly
  const { say } = measureOf(rule)
  // The baseline of this rule is a share of the history, which is no number of requests.
  const shares = rule === 'unusual_time'
  return (
    <CompareBars
      bars={[
        { label: 'Observed', value: observed, text: say(observed), color: `--mark-${severityTones[severity]}` },
        { label: 'Threshold', value: threshold, text: say(threshold), color: '--mark-neutral' },
        ...(baseline === undefined
          ? []
          : [
              {
                label: shares ? 'Usual in this hour' : 'Usual',
                value: shares ? 0 : baseline,
                text: shares ? `${formatShare(baseline)} of its requests` : say(baseline),
                color: '--mark-info' as const,
              },
            ]),
      ]}
    />
  )
}
