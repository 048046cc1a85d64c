import { Button, Progress, Text } from '@mantine/core'
import { useKeyLimits, useResetLimits } from '../../../api/keys/key-details.ts'
import type { Key } from '../../../api/keys/keys.ts'
import { Card } from '../../../parts/page/card.tsx'
import { Figure } from '../../../parts/page/figure.tsx'
import { formatNumber, formatSpan } from '../../../parts/words/format.ts'
import { toastDone, toastFailed } from '../../../shell/alerts/toast.ts'
import { useMay } from '../../../shell/sign-in/session-context.ts'

/** What a key has left of each limit, now. */
export function LimitsCard({ keyNow }: { keyNow: Key }) {
  const { rateLimits = [], quota } = keyNow.policy
  const limited = rateLimits.length > 0 || quota !== undefined || keyNow.throttledUntil !== null
  const limits = useKeyLimits(keyNow.id, limited)
  const writes = useMay('keys:write')
  const reset = useResetLimits(keyNow.id)
  return (
    <Card
      title="Limits"
      description="What is left, over all processes"
      actions={
        limited &&
        writes && (
          <Button
            variant="default"
            size="xs"
            loading={reset.isPending}
            onClick={() =>
              reset.mutate(undefined, {
                onSuccess: () => toastDone('It begins anew', 'Nothing counts as used any more.'),
                onError: (error) => toastFailed('Its limits are as they were', error),
              })
            }
          >
            Let it begin anew
          </Button>
        )
      }
    >
      {limited ? (
        <Figure query={limits} height={92}>
          {(data) => data.limits.map((limit) => <Limit key={limit.name} {...limit} />)}
        </Figure>
      ) : (
        <Text size="sm" c="dimmed">
          None: it may be used as often as it likes.
        </Text>
      )}
    </Card>
  )
}

interface LimitProps {
  name: string
  limit: number
  remaining: number
  resetSeconds: number
  windowSeconds: number
}

function Limit({ name, limit, remaining, resetSeconds, windowSeconds }: LimitProps) {
  const used = limit - remaining
  const share = limit === 0 ? 0 : (used / limit) * 100
  return (
    <div className="key-limit">
      <Text size="sm" component="div" style={{ display: 'flex', justifyContent: 'space-between', gap: 12 }}>
        <span>
          <b>{name}</b> {formatNumber(limit)} requests in {formatSpan(windowSeconds)}
        </span>
        <span className="number">
          {used === 0 ? 'all left' : `${formatNumber(remaining)} left, full again in ${formatSpan(resetSeconds)}`}
        </span>
      </Text>
      <Progress
        value={share}
        color={share >= 90 ? 'red' : 'iris'}
        size="sm"
        mt={6}
        aria-label={`Used of ${name}: ${formatNumber(used)} of ${formatNumber(limit)} requests`}
      />
    </div>
  )
}
