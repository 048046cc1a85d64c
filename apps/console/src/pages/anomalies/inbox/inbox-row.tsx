import { Button, Group, Text } from '@mantine/core'
import { Link } from 'wouter'
import type { Anomaly } from '../../../api/alerts/anomalies.ts'
import { ToneBadge } from '../../../parts/badges/badge.tsx'
import { SeverityBadge } from '../../../parts/badges/severity-badge.tsx'
import { StatusBadge } from '../../../parts/badges/status-badge.tsx'
import { ActionMenu } from '../../../parts/dialogs/action-menu.tsx'
import { formatLocal } from '../../../parts/words/format.ts'
import { ruleName } from '../../../parts/words/rule-name.ts'
import { TimeText } from '../../../parts/words/time-text.tsx'
import type { useAnomalyActions } from './use-anomaly-actions.tsx'

interface Props {
  anomaly: Anomaly
  actions: ReturnType<typeof useAnomalyActions>
}

/** One anomaly of the inbox: how grave, what, who, why and when. */
export function InboxRow({ anomaly, actions }: Props) {
  const { id, rule, keyName, keyType, severity, explanation, state, detectedAt, endedAt } = anomaly
  const muted = isMuted(anomaly)
  return (
    <li className="inbox-row" data-severity={severity} data-anomaly={id}>
      <div className="inbox-main">
        <Group gap="xs" className="inbox-line">
          <SeverityBadge severity={severity} />
          <Link href={`/anomalies/${id}`} className="inbox-link">
            {ruleName(rule)}
          </Link>
          <Text span size="sm" className="inbox-key">
            {keyName}
          </Text>
          <Text span size="xs" c="dimmed">
            {keyType}
          </Text>
        </Group>
        <Text size="sm" c="dimmed" className="inbox-why">
          {explanation}
        </Text>
      </div>
      <div className="inbox-when">
        <Text size="sm" component="div">
          <TimeText at={detectedAt} as="distance" />
        </Text>
        <Group gap={6}>
          {state !== 'open' && <StatusBadge status={state} />}
          {endedAt === null ? <ToneBadge tone="warn">going on</ToneBadge> : null}
          {muted && (
            <span title={`Until ${formatLocal(new Date(muted))}`}>
              <ToneBadge tone="neutral">muted</ToneBadge>
            </span>
          )}
        </Group>
      </div>
      <Group gap={4} wrap="nowrap" className="inbox-acts">
        {actions.may('acknowledge', anomaly) && (
          <Button variant="default" size="xs" onClick={() => actions.act('acknowledge', anomaly)} visibleFrom="sm">
            Acknowledge
          </Button>
        )}
        {actions.may('resolve', anomaly) && (
          <Button variant="default" size="xs" onClick={() => actions.act('resolve', anomaly)} visibleFrom="sm">
            Resolve
          </Button>
        )}
        <ActionMenu label={`Actions for ${ruleName(rule)} of ${keyName}`} actions={actions.menuOf(anomaly)} />
      </Group>
    </li>
  )
}

/** Until when nobody is told of it; undefined where that is over. */
export function isMuted({ mutedUntil }: Anomaly): string | undefined {
  return mutedUntil && Date.parse(mutedUntil) > Date.now() ? mutedUntil : undefined
}
