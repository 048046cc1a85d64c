import { type Anomaly, useAnomalies } from '../../../api/alerts/anomalies.ts'
import { SeverityBadge } from '../../../parts/badges/severity-badge.tsx'
import { StatusBadge } from '../../../parts/badges/status-badge.tsx'
import { Card } from '../../../parts/page/card.tsx'
import { type Column, DataTable } from '../../../parts/tables/data-table.tsx'
import { ruleName } from '../../../parts/words/rule-name.ts'
import { TimeText } from '../../../parts/words/time-text.tsx'

const columns: readonly Column<Anomaly>[] = [
  { id: 'rule', header: 'Rule', cell: ({ rule }) => ruleName(rule) },
  { id: 'severity', header: 'Severity', cell: ({ severity }) => <SeverityBadge severity={severity} />, width: '110px' },
  { id: 'state', header: 'State', cell: ({ state }) => <StatusBadge status={state} />, width: '140px', from: 'tablet' },
  {
    id: 'detected',
    header: 'Detected',
    cell: ({ detectedAt }) => <TimeText at={detectedAt} as="distance" />,
    width: '150px',
    align: 'end',
  },
]

/** What else was found about the same key, which often tells the most. */
export function OtherAnomalies({ anomaly }: { anomaly: Anomaly }) {
  const { rows, error } = useAnomalies({ keyId: anomaly.keyId })
  const others = rows?.filter(({ id }) => id !== anomaly.id).slice(0, 10)
  if (error || !others || others.length === 0) return null
  return (
    <Card title={`Other anomalies of ${anomaly.keyName}`} flush>
      <DataTable
        label={`Other anomalies of ${anomaly.keyName}`}
        columns={columns}
        rows={others}
        rowId={({ id }) => id}
        href={({ id }) => `/anomalies/${id}`}
        empty={null}
      />
    </Card>
  )
}
