import { Group, Text } from '@mantine/core'
import { ShieldCheck } from 'lucide-react'
import { useMemo } from 'react'
import { useValidations, type Validations } from '../../api/usage/overview.ts'
import { type Span, spans } from '../../api/usage/span.ts'
import { TimeSeriesChart } from '../../parts/charts/time-series-chart.tsx'
import { Card } from '../../parts/page/card.tsx'
import { Figure } from '../../parts/page/figure.tsx'
import { EmptyState } from '../../parts/states/empty-state.tsx'
import { NumberText } from '../../parts/words/number-text.tsx'
import { outcomeKinds, outcomeName } from './outcomes.ts'

/** What validating said over time. */
export function ValidationsCard({ span }: { span: Span }) {
  const query = useValidations(span)
  const interval = spans[span].interval === 'minute' ? 'minute' : 'hour'
  return (
    <Card title="Validations by outcome" description={`By ${interval}`}>
      <Figure query={query} height={264}>
        {(validations) => <Outcomes validations={validations} interval={interval} />}
      </Figure>
    </Card>
  )
}

function Outcomes({ validations, interval }: { validations: Validations; interval: string }) {
  const { series, totals } = validations
  const times = useMemo(() => series.map(({ start }) => start), [series])
  const kinds = useMemo(
    () =>
      outcomeKinds.map(({ label, color, codes }) => ({
        label,
        color,
        values: series.map(({ outcomes }) => codes.reduce((sum, code) => sum + (outcomes[code] ?? 0), 0)),
      })),
    [series],
  )
  const told = Object.entries(totals).filter(([, count]) => count > 0)
  if (told.length === 0)
    return <EmptyState Icon={ShieldCheck} title="Nothing was validated" text="Services ask POST /v1/keys/validate." />
  return (
    <>
      <TimeSeriesChart label={`Validations by ${interval}`} times={times} series={kinds} unit="validations" stacked />
      <Group gap="md" mt="xs">
        {told
          .toSorted(([, first], [, second]) => second - first)
          .map(([code, count]) => (
            <Text key={code} size="xs" c="dimmed">
              {outcomeName(code)} <NumberText value={count} />
            </Text>
          ))}
      </Group>
    </>
  )
}
