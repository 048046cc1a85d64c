import { Alert } from '@mantine/core'
import type { Key } from '../../../api/keys/keys.ts'
import { TimeText } from '../../../parts/words/time-text.tsx'
import { useNow } from '../../../parts/words/use-now.ts'

const day = 86_400_000

/** What of a key's state somebody should know before all else. */
export function KeyBanner({ keyNow }: { keyNow: Key }) {
  const { status, revokedAt, revokeReason, expiresAt, throttledUntil } = keyNow
  const now = useNow()
  if (status === 'revoked')
    return (
      <Alert color="red" variant="light" mb="md" title="Revoked for good">
        <TimeText at={revokedAt} />
        {revokeReason && `: ${revokeReason}`}
      </Alert>
    )
  if (status === 'disabled')
    return (
      <Alert color="gray" variant="light" mb="md" title="Disabled">
        None of its secrets validates until it is enabled.
      </Alert>
    )
  if (throttledUntil && Date.parse(throttledUntil) > now)
    return (
      <Alert color="orange" variant="light" mb="md" title="Slowed down after an anomaly">
        Until <TimeText at={throttledUntil} />. Letting it begin anew under Policy and limits takes that off.
      </Alert>
    )
  if (status === 'active' && expiresAt && Date.parse(expiresAt) - now < 7 * day)
    return (
      <Alert color="yellow" variant="light" mb="md" title="It ends soon">
        <TimeText at={expiresAt} /> (<TimeText at={expiresAt} as="distance" />)
      </Alert>
    )
  return null
}
