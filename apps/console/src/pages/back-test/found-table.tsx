import type { BackTestResult } from '../../api/alerts/back-test.ts'
import { ToneBadge } from '../../parts/badges/badge.tsx'
import { SeverityBadge } from '../../parts/badges/severity-badge.tsx'
import { severityRank } from '../../parts/badges/tones.ts'
import { type Column, DataTable } from '../../parts/tables/data-table.tsx'
import { KeyLink } from '../../parts/words/key-link.tsx'
import { ruleName } from '../../parts/words/rule-name.ts'
import { TimeText } from '../../parts/words/time-text.tsx'
import { measureOf } from '../anomalies/describe.ts'

type Found = BackTestResult['anomalies'][number]

const columns: readonly Column<Found>[] = [
  {
    id: 'key',
    header: 'Key',
    cell: ({ keyId, keyName }) => <KeyLink id={keyId} name={keyName} />,
    sortBy: ({ keyName }) => keyName,
  },
  { id: 'rule', header: 'Rule', cell: ({ rule }) => ruleName(rule), sortBy: ({ rule }) => rule, width: '150px' },
  {
    id: 'severity',
    header: 'Severity',
    cell: ({ severity }) => <SeverityBadge severity={severity} />,
    sortBy: ({ severity }) => severityRank(severity),
    width: '110px',
  },
  {
    id: 'observed',
    header: 'Observed',
    cell: ({ rule, observed }) => <span className="number">{measureOf(rule).say(observed)}</span>,
    sortBy: ({ observed }) => observed,
    align: 'end',
    width: '140px',
    from: 'tablet',
  },
  {
    id: 'threshold',
    header: 'Threshold',
    cell: ({ rule, threshold }) => <span className="number">{measureOf(rule).say(threshold)}</span>,
    align: 'end',
    width: '140px',
    from: 'desktop',
  },
  {
    id: 'when',
    header: 'When',
    cell: ({ window }) => <TimeText at={window.start} />,
    sortBy: ({ window }) => window.start,
    width: '200px',
    from: 'tablet',
  },
  {
    id: 'known',
    header: 'Live',
    cell: ({ known }) => <ToneBadge tone={known ? 'neutral' : 'accent'}>{known ? 'found too' : 'new'}</ToneBadge>,
    sortBy: ({ known }) => Number(known),
    width: '110px',
  },
]

/** Each anomaly that a run found. */
export function FoundTable({ result }: { result: BackTestResult }) {
  return (
    <DataTable
      label="Anomalies that the back-test found"
      columns={columns}
      rows={result.anomalies}
      rowId={({ keyId, rule, window }) => `${keyId} ${rule} ${window.start}`}
      empty={null}
      rowHeight={40}
    />
  )
}
