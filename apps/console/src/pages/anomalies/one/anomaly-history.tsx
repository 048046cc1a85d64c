import type { Anomaly } from '../../../api/alerts/anomalies.ts'
import { Facts } from '../../../parts/page/facts.tsx'
import { formatSpan } from '../../../parts/words/format.ts'
import { KeyLink } from '../../../parts/words/key-link.tsx'
import { TimeText } from '../../../parts/words/time-text.tsx'
import { isMuted } from '../inbox/inbox-row.tsx'

/** When it happened, and what became of it. */
export function AnomalyHistory({ anomaly }: { anomaly: Anomaly }) {
  const { window, detectedAt, endedAt, acknowledgedAt, acknowledgedBy, resolvedAt, resolvedBy, note } = anomaly
  const seconds = (Date.parse(window.end) - Date.parse(window.start)) / 1000
  const muted = isMuted(anomaly)
  return (
    <Facts
      rows={[
        ['Key', <KeyLink key="key" id={anomaly.keyId} name={anomaly.keyName} />],
        ['Type', anomaly.keyType],
        [
          'Window',
          <span key="window">
            <TimeText at={window.start} />
            {seconds > 0 && `, ${formatSpan(seconds + 1)}`}
          </span>,
        ],
        ['Detected', <TimeText key="detected" at={detectedAt} />],
        ['Calm again', endedAt ? <TimeText key="ended" at={endedAt} /> : 'Not yet'],
        [
          'Acknowledged',
          acknowledgedAt ? (
            <span key="acknowledged">
              <TimeText at={acknowledgedAt} /> by <KeyLink id={acknowledgedBy} none="Momentry" />
            </span>
          ) : undefined,
        ],
        [
          'Resolved',
          resolvedAt ? (
            <span key="resolved">
              <TimeText at={resolvedAt} /> by <KeyLink id={resolvedBy} none="Momentry" />
            </span>
          ) : undefined,
        ],
        ['Muted until', muted && <TimeText key="muted" at={muted} />],
        ['Note', note ?? undefined],
        [
          'Id',
          <span key="id" className="mono">
            {anomaly.id}
          </span>,
        ],
      ]}
    />
  )
}
