import { useSystemInfo } from '../../api/operation/system-info.ts'
import type { SystemState } from '../../api/usage/overview.ts'
import { StatusBadge } from '../../parts/badges/status-badge.tsx'
import { Card } from '../../parts/page/card.tsx'
import { Figure } from '../../parts/page/figure.tsx'
import { NumberText } from '../../parts/words/number-text.tsx'
import { TimeText } from '../../parts/words/time-text.tsx'
import { StreamTable } from './stream-table.tsx'

/** Momentry's own health: its processes, and how far they are behind what comes in. */
export function SystemCards() {
  const query = useSystemInfo(true)
  return (
    <>
      <Card title="Processes" description="Seen within the last seconds">
        <Figure query={query} height={170}>
          {({ processes }) => <ProcessTable processes={processes} />}
        </Figure>
      </Card>
      <Card title="Streams and stores" description="What waits to be counted and to be told">
        <Figure query={query} height={170}>
          {(state) => <StreamTable state={state} />}
        </Figure>
      </Card>
    </>
  )
}

function ProcessTable({ processes }: Pick<SystemState, 'processes'>) {
  return (
    <div className="overview-scroll">
      <table className="overview-table">
        <thead>
          <tr>
            <th scope="col">Process</th>
            <th scope="col">State</th>
            <th scope="col" data-end>
              CPU
            </th>
            <th scope="col" data-end>
              Memory
            </th>
            <th scope="col" className="overview-wide">
              Started
            </th>
          </tr>
        </thead>
        <tbody>
          {processes.map(({ id, app, pid, host, version, healthy, cpu, rssBytes, startedAt, seenAt }) => (
            <tr key={id} title={`${host}, version ${version}`}>
              <td>
                {app} <span className="overview-faint">{pid}</span>
              </td>
              <td>
                {healthy ? (
                  <StatusBadge status="healthy" />
                ) : (
                  <>
                    <StatusBadge status="down" label="not seen" /> <TimeText at={seenAt} as="distance" />
                  </>
                )}
              </td>
              <td data-end>
                <NumberText value={cpu} as="share" />
              </td>
              <td data-end>
                <NumberText value={rssBytes} as="bytes" />
              </td>
              <td className="overview-wide">
                <TimeText at={startedAt} as="distance" />
              </td>
            </tr>
          ))}
        </tbody>
      </table>
    </div>
  )
}
