import { SimpleGrid } from '@mantine/core'
import { useStats } from '../../api/usage/stats.ts'
import { PageBody } from '../../parts/page/page.tsx'
import { PageHeader } from '../../parts/page/page-header.tsx'
import { readSpan, SpanSwitch } from '../../parts/pickers/span-switch.tsx'
import { useFilters } from '../../parts/tables/use-filters.ts'
import { useMay } from '../../shell/sign-in/session-context.ts'
import { AnomaliesCard } from './anomalies-card.tsx'
import { KeysCard } from './keys-card.tsx'
import { SystemCards } from './system-cards.tsx'
import { Tiles } from './tiles.tsx'
import { TrafficCard } from './traffic-card.tsx'
import { ValidationsCard } from './validations-card.tsx'
import './overview.css'

/** Whether all is well, on one page that keeps itself up to date. */
export function OverviewPage() {
  const [filters, setFilters] = useFilters(['span'])
  const span = readSpan(filters.span)
  const stats = useStats(span)
  const anomalies = useMay('anomalies:read')
  const system = useMay('system:read')
  return (
    <>
      <PageHeader
        title="Overview"
        description="Whether all is well. No figure is older than 10 seconds."
        actions={
          <SpanSwitch value={span} onChange={(chosen) => setFilters({ span: chosen === '24h' ? '' : chosen })} />
        }
      />
      <PageBody>
        <Tiles span={span} stats={stats.data} anomalies={anomalies} system={system} />
        <div className="overview-pair">
          <TrafficCard query={stats} span={span} />
          {anomalies && <AnomaliesCard />}
        </div>
        <div className="overview-pair">
          <ValidationsCard span={span} />
          <KeysCard />
        </div>
        {system && (
          <SimpleGrid cols={{ base: 1, lg: 2 }} spacing="md">
            <SystemCards />
          </SimpleGrid>
        )}
      </PageBody>
    </>
  )
}
