import { Stack, Text, VisuallyHidden } from '@mantine/core'
import type { AuditRow } from '../../api/operation/audit.ts'
import { Facts } from '../../parts/page/facts.tsx'
import { KeyLink } from '../../parts/words/key-link.tsx'
import { TimeText } from '../../parts/words/time-text.tsx'
import { changesOf } from './changes.ts'
import './audit.css'

/** One row of the log: who, from where, why, and what it changed. */
export function AuditDetail({ row }: { row: AuditRow }) {
  const changes = changesOf(row)
  return (
    <Stack gap="lg">
      <Facts
        rows={[
          ['When', <TimeText key="at" at={row.at} />],
          ['Key', <KeyLink key="key" id={row.keyId} />],
          ['By', <KeyLink key="by" id={row.actorKeyId} none="Momentry itself" />],
          ['From', row.address],
          ['Reason', row.reason],
          ['Row', row.seq],
          [
            'Request',
            <span key="request" className="mono">
              {row.requestId}
            </span>,
          ],
          [
            'Hash',
            <span key="hash" className="mono">
              {row.hash}
            </span>,
          ],
        ]}
      />
      {changes.length === 0 ? (
        <Text size="sm" c="dimmed">
          It notes no change of values.
        </Text>
      ) : (
        <table className="changes">
          <caption>
            <VisuallyHidden>What it changed</VisuallyHidden>
          </caption>
          <thead>
            <tr>
              <th scope="col">Field</th>
              <th scope="col">Before</th>
              <th scope="col">After</th>
            </tr>
          </thead>
          <tbody>
            {changes.map(({ field, before, after }) => (
              <tr key={field}>
                <th scope="row">{field}</th>
                <td data-side={before === after || before === undefined ? undefined : 'before'}>{before ?? '–'}</td>
                <td data-side={before === after || after === undefined ? undefined : 'after'}>{after ?? '–'}</td>
              </tr>
            ))}
          </tbody>
        </table>
      )}
    </Stack>
  )
}
