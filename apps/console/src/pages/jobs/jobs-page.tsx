import { Button } from '@mantine/core'
import { ExternalLink, ListChecks } from 'lucide-react'
import { useMemo } from 'react'
import { type Job, type JobFilters, useJobs } from '../../api/operation/jobs.ts'
import { StatusBadge } from '../../parts/badges/status-badge.tsx'
import { PageBody } from '../../parts/page/page.tsx'
import { PageHeader } from '../../parts/page/page-header.tsx'
import { KeyPicker } from '../../parts/pickers/key-picker.tsx'
import { EmptyState } from '../../parts/states/empty-state.tsx'
import { type Column, DataTable } from '../../parts/tables/data-table.tsx'
import { FilterBar } from '../../parts/tables/filter-bar.tsx'
import { FilterSelect } from '../../parts/tables/filter-select.tsx'
import { setFilters, useFilters } from '../../parts/tables/use-filters.ts'
import { TimeText } from '../../parts/words/time-text.tsx'
import { Duration } from './duration.tsx'
import { RetryButton } from './retry-button.tsx'

const queues = ['rotations', 'integration-rotations', 'backups', 'upkeep']

const columns: readonly Column<Job>[] = [
  { id: 'name', header: 'Job', cell: ({ name, error }) => <span title={error ?? name}>{name}</span> },
  { id: 'queue', header: 'Queue', cell: ({ queue }) => queue, width: '160px', from: 'tablet' },
  { id: 'state', header: 'State', cell: ({ state }) => <StatusBadge status={state} />, width: '120px' },
  {
    id: 'error',
    header: 'Error',
    cell: ({ error }) => <span title={error ?? undefined}>{error ?? '–'}</span>,
    from: 'desktop',
  },
  { id: 'took', header: 'Took', cell: (job) => <Duration of={job} />, width: '105px', align: 'end', from: 'tablet' },
  {
    id: 'created',
    header: 'Created',
    cell: ({ createdAt }) => <TimeText at={createdAt} as="distance" />,
    width: '140px',
    align: 'end',
    from: 'tablet',
  },
  {
    id: 'retry',
    header: 'Again',
    cell: (job) => <RetryButton job={job} />,
    width: '80px',
    align: 'end',
    from: 'tablet',
  },
]

/** What the job worker does and did. */
export function JobsPage() {
  const [values, change] = useFilters(['queue', 'state', 'keyId'])
  const filters = useMemo(() => setFilters(values) as JobFilters, [values])
  const list = useJobs(filters)
  return (
    <>
      <PageHeader
        title="Jobs"
        description="What the worker does and did. Jobs that are over are removed after a while."
        actions={
          <Button component="a" href="/console/queues" variant="default" leftSection={<ExternalLink size={15} />}>
            Queues
          </Button>
        }
      />
      <PageBody>
        <FilterBar label="Filter jobs">
          <FilterSelect
            label="Queue"
            value={values.queue}
            onChange={(queue) => change({ queue })}
            options={queues}
            width={200}
          />
          <FilterSelect
            label="State"
            value={values.state}
            onChange={(state) => change({ state })}
            options={['queued', 'running', 'completed', 'failed', 'cancelled']}
          />
          <KeyPicker label="Key" value={values.keyId} onChange={(keyId) => change({ keyId })} />
        </FilterBar>
        <DataTable
          label="Jobs"
          columns={columns}
          {...list}
          rowId={({ id }) => id}
          href={({ id }) => `/jobs/${id}`}
          empty={
            <div className="card">
              <EmptyState
                Icon={ListChecks}
                title={Object.keys(filters).length > 0 ? 'No job is left by these filters' : 'No job yet'}
                text="Rotations, backups and the upkeep are jobs."
              />
            </div>
          }
        />
      </PageBody>
    </>
  )
}
