import { Text } from '@mantine/core'
import { useSystemInfo } from '../../api/operation/system-info.ts'
import { StatusBadge } from '../../parts/badges/status-badge.tsx'
import { Card } from '../../parts/page/card.tsx'
import { Facts } from '../../parts/page/facts.tsx'
import { ErrorState } from '../../parts/states/error-state.tsx'
import { Loading } from '../../parts/states/loading.tsx'
import { formatBytes, formatNumber } from '../../parts/words/format.ts'
import { TimeText } from '../../parts/words/time-text.tsx'

/** Which versions run, where, and the stores. */
export function SystemCard() {
  const { data, error, refetch } = useSystemInfo(true)
  const versions = [...new Set(data?.processes.map(({ version }) => version))]
  return (
    <Card title="System">
      {error && !data && <ErrorState error={error} onRetry={refetch} />}
      {!error && !data && <Loading lines={5} />}
      {data && (
        <>
          {versions.length > 1 && (
            <Text size="sm" mb="sm" c="var(--tone-warn)">
              Processes of more than one version run side by side.
            </Text>
          )}
          <Facts
            rows={[
              ['Version', versions.join(', ') || '–'],
              ...data.processes.map(
                ({ id, app, host, pid, startedAt, healthy, version }) =>
                  [
                    `${app} ${host}:${pid}`,
                    <span key={id}>
                      <StatusBadge status={healthy ? 'healthy' : 'down'} /> {version}, since <TimeText at={startedAt} />
                    </span>,
                  ] as const,
              ),
              [
                'PostgreSQL',
                <span key="postgres">
                  <StatusBadge status={data.postgres.connected ? 'healthy' : 'down'} />{' '}
                  {data.postgres.bytes !== null && `${formatBytes(data.postgres.bytes)} on disk`}
                </span>,
              ],
              [
                'Redis',
                <span key="redis">
                  <StatusBadge status={data.redis.connected ? 'healthy' : 'down'} />{' '}
                  {data.redis.usedBytes !== null && `${formatBytes(data.redis.usedBytes)} used`}
                  {data.redis.maxBytes !== null && ` of ${formatBytes(data.redis.maxBytes)}`}
                </span>,
              ],
              ['Usage waiting', `${formatNumber(data.totals.usageLag)} entries`],
              ['Findings waiting', `${formatNumber(data.totals.anomalyLag)} entries`],
            ]}
          />
        </>
      )}
    </Card>
  )
}
