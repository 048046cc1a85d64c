import { Anchor, Text } from '@mantine/core'
import { SeverityBadge } from '../../parts/badges/severity-badge.tsx'
import type { LiveAlert } from './listen-to-alerts.ts'

/** What an alert says, and the way to its page where it has one. */
export function AlertToast({ alert, onOpen }: { alert: LiveAlert; onOpen: () => void }) {
  const { severity, explanation, rule } = alert.data
  return (
    <>
      <Text size="sm" mb={6}>
        {explanation ?? rule ?? alert.type}
      </Text>
      {severity && <SeverityBadge severity={severity} />}{' '}
      {alert.type.startsWith('anomaly.') && (
        <Anchor component="button" type="button" size="sm" onClick={onOpen} ml={6}>
          Look at it
        </Anchor>
      )}
    </>
  )
}
