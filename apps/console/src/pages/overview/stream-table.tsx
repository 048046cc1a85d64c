import type { SystemState } from '../../api/usage/overview.ts'
import { StatusBadge } from '../../parts/badges/status-badge.tsx'
import { NumberText } from '../../parts/words/number-text.tsx'

const names = { usage: 'Usage', anomalies: 'Anomalies' } as const

/** Each stream over all of its partitions, and the stores below them. */
export function StreamTable({ state }: { state: SystemState }) {
  const { streams, redis, postgres } = state
  return (
    <div className="overview-scroll">
      <table className="overview-table">
        <thead>
          <tr>
            <th scope="col">Stream</th>
            <th scope="col" data-end>
              Waiting
            </th>
            <th scope="col" data-end className="overview-wide">
              In work
            </th>
            <th scope="col" data-end>
              Behind by
            </th>
          </tr>
        </thead>
        <tbody>
          {(['usage', 'anomalies'] as const).map((name) => {
            const parts = streams.filter((stream) => stream.name === name)
            return (
              <tr key={name}>
                <td>
                  {names[name]} <span className="overview-faint overview-wide">{parts.length} partitions</span>
                </td>
                <td data-end>
                  <NumberText value={sum(parts.map(({ length }) => length))} unit="entries" />
                </td>
                <td data-end className="overview-wide">
                  <NumberText value={sum(parts.map(({ pending }) => pending))} unit="entries" />
                </td>
                <td data-end>
                  <NumberText value={Math.max(0, ...parts.map(({ lagSeconds }) => lagSeconds))} as="seconds" />
                </td>
              </tr>
            )
          })}
        </tbody>
      </table>
      <table className="overview-table overview-stores">
        <thead>
          <tr>
            <th scope="col">Store</th>
            <th scope="col">State</th>
            <th scope="col" data-end>
              Size
            </th>
          </tr>
        </thead>
        <tbody>
          <tr>
            <td>Redis</td>
            <td>{store(redis.connected)}</td>
            <td data-end>
              <NumberText value={redis.usedBytes} as="bytes" />
              {redis.maxBytes ? (
                <>
                  {' '}
                  of <NumberText value={redis.maxBytes} as="bytes" />
                </>
              ) : null}
            </td>
          </tr>
          <tr>
            <td>PostgreSQL</td>
            <td>{store(postgres.connected)}</td>
            <td data-end>
              <NumberText value={postgres.bytes} as="bytes" />
            </td>
          </tr>
        </tbody>
      </table>
    </div>
  )
}

const sum = (values: readonly number[]): number => values.reduce((total, value) => total + value, 0)

function store(connected: boolean) {
  return connected ? <StatusBadge status="ready" label="connected" /> : <StatusBadge status="down" />
}
