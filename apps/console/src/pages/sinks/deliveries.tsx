import { Button } from '@mantine/core'
import { useMemo } from 'react'
import { type Delivery, type DeliveryFilters, useDeliveries, useRedeliver } from '../../api/alerts/sinks.ts'
import { SeverityBadge } from '../../parts/badges/severity-badge.tsx'
import { StatusBadge } from '../../parts/badges/status-badge.tsx'
import { Card } from '../../parts/page/card.tsx'
import { EmptyState } from '../../parts/states/empty-state.tsx'
import { type Column, DataTable } from '../../parts/tables/data-table.tsx'
import { FilterSelect } from '../../parts/tables/filter-select.tsx'
import { setFilters, useFilters } from '../../parts/tables/use-filters.ts'
import { TimeText } from '../../parts/words/time-text.tsx'
import { useNow } from '../../parts/words/use-now.ts'
import { toastDone, toastFailed } from '../../shell/alerts/toast.ts'
import { useMay } from '../../shell/sign-in/session-context.ts'

const columns: readonly Column<Delivery>[] = [
  { id: 'summary', header: 'Message', cell: ({ summary }) => <span title={summary}>{summary}</span> },
  {
    id: 'severity',
    header: 'Severity',
    cell: ({ severity }) => (severity ? <SeverityBadge severity={severity} /> : '–'),
    width: '105px',
    from: 'desktop',
  },
  { id: 'state', header: 'State', cell: ({ state }) => <StatusBadge status={state} />, width: '110px' },
  { id: 'last', header: 'Outcome', cell: (delivery) => <Outcome delivery={delivery} />, width: '27%', from: 'tablet' },
  {
    id: 'created',
    header: 'Made',
    cell: ({ createdAt }) => <TimeText at={createdAt} as="distance" />,
    width: '130px',
    from: 'tablet',
  },
  {
    id: 'again',
    header: 'Again',
    cell: (delivery) => <Redeliver delivery={delivery} />,
    width: '105px',
    align: 'end',
  },
]

/** What was sent to a sink, what waits, and what failed. */
export function Deliveries({ sinkId }: { sinkId: string }) {
  const [values, change] = useFilters(['state'])
  const filters = useMemo(() => setFilters(values) as DeliveryFilters, [values])
  const list = useDeliveries(sinkId, filters)
  return (
    <Card
      title="Delivery log"
      description="A failed message is tried again for a day, ever more rarely."
      flush
      actions={
        <FilterSelect
          label="State"
          value={values.state}
          onChange={(state) => change({ state })}
          options={['waiting', 'delivered', 'failed']}
          width={140}
        />
      }
    >
      <DataTable
        label="Deliveries"
        columns={columns}
        {...list}
        rowId={({ id }) => id}
        empty={
          <EmptyState
            title={values.state ? 'None in this state' : 'Nothing was sent yet'}
            text="Send a test to see that it arrives."
          />
        }
      />
    </Card>
  )
}

function Outcome({ delivery }: { delivery: Delivery }) {
  const { state, attempts, lastStatus, lastError, nextAttemptAt } = delivery
  const now = useNow(state === 'waiting')
  const due = nextAttemptAt !== null && Date.parse(nextAttemptAt) <= now
  const answer = lastError ?? (lastStatus === null ? undefined : `status ${lastStatus}`)
  return (
    <span title={answer}>
      {state === 'waiting' && due && 'waits its turn'}
      {state === 'waiting' && !due && (
        <>
          goes out <TimeText at={nextAttemptAt} as="distance" />
        </>
      )}
      {state === 'waiting' && answer && `, tried ${attempts === 1 ? 'once' : `${attempts} times`}: `}
      {answer ?? (state !== 'waiting' && '–')}
    </span>
  )
}

function Redeliver({ delivery }: { delivery: Delivery }) {
  const may = useMay('alerts:write')
  const redeliver = useRedeliver()
  if (!may || delivery.state === 'waiting' || delivery.test) return null
  return (
    <Button
      variant="default"
      size="compact-xs"
      loading={redeliver.isPending}
      aria-label={`Send again: ${delivery.summary}`}
      onClick={() =>
        redeliver.mutate(delivery.id, {
          onSuccess: () => toastDone('It is sent again'),
          onError: (error) => toastFailed('It is not sent again', error),
        })
      }
    >
      Send again
    </Button>
  )
}
