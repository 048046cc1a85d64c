import { Alert, Skeleton, Text } from '@mantine/core'
import { useKeyActivity } from '../../../api/keys/key-details.ts'
import { formatNumber } from '../../../parts/words/format.ts'
import { TimeText } from '../../../parts/words/time-text.tsx'

/** Addresses that are named one by one. */
const mostNamed = 4

/** Who uses a key now, and so is refused once it stops. */
export function WhoIsHit({ keyId }: { keyId: string }) {
  const { data, error } = useKeyActivity(keyId)
  if (error)
    return (
      <Alert color="yellow" variant="light" title="Who uses it is not known now">
        The use of the key could not be read.
      </Alert>
    )
  if (!data) return <Skeleton height={84} radius="md" />
  const { requestsLastHour, requestsPerHour, addresses, addressCount, lastUsedAt } = data
  if (lastUsedAt === null)
    return (
      <Alert color="gray" variant="light" title="Nobody is hit">
        It was never used.
      </Alert>
    )
  const busy = requestsLastHour > 0
  return (
    <Alert
      color={busy ? 'yellow' : 'gray'}
      variant="light"
      title={
        busy
          ? `${formatNumber(requestsLastHour)} requests in the last hour would be refused`
          : 'Not used in the last hour'
      }
    >
      <Text size="sm">
        {formatNumber(Math.round(requestsPerHour))} requests an hour over 7 days; last used{' '}
        <TimeText at={lastUsedAt} as="distance" />.
      </Text>
      {addresses.length > 0 && (
        <Text size="sm">
          From {addressCount === 1 ? '1 address' : `${formatNumber(addressCount)} addresses`}:{' '}
          <span className="mono">
            {addresses
              .slice(0, mostNamed)
              .map(({ address }) => address)
              .join(', ')}
          </span>
          {addressCount > mostNamed && ' …'}
        </Text>
      )}
    </Alert>
  )
}
