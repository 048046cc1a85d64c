import { Anchor, Text } from '@mantine/core'
import { Link } from 'wouter'
import { useKeySummary } from '../../api/keys/keys.ts'
import { CompareBars } from '../../parts/charts/compare-bars.tsx'
import { Card } from '../../parts/page/card.tsx'
import { Figure } from '../../parts/page/figure.tsx'
import { NumberText } from '../../parts/words/number-text.tsx'

const types = ['service', 'user', 'integration', 'system', 'emergency'] as const
const statuses = ['disabled', 'expired', 'revoked'] as const

/** How many keys of each type are active, and what became of the others. */
export function KeysCard() {
  const query = useKeySummary()
  return (
    <Card
      title="Active keys by type"
      actions={
        <Anchor component={Link} href="/keys" size="sm">
          All keys
        </Anchor>
      }
    >
      <Figure query={query} height={180}>
        {({ activeByType, byStatus }) => (
          <>
            <CompareBars
              bars={types.map((type) => ({
                label: type,
                value: activeByType[type],
                text: <NumberText value={activeByType[type]} />,
                color: '--mark-accent',
              }))}
            />
            <Text size="xs" c="dimmed" mt="md">
              Not active:{' '}
              {statuses.map((status, index) => (
                <span key={status}>
                  {index > 0 && ', '}
                  <Link href={`/keys?status=${status}`}>
                    <NumberText value={byStatus[status]} /> {status}
                  </Link>
                </span>
              ))}
            </Text>
          </>
        )}
      </Figure>
    </Card>
  )
}
