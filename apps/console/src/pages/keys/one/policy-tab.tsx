import type { Key } from '../../../api/keys/keys.ts'
import { Card } from '../../../parts/page/card.tsx'
import { Facts } from '../../../parts/page/facts.tsx'
import { PageBody } from '../../../parts/page/page.tsx'
import { Chips } from '../../../parts/pickers/chips.tsx'
import { formatNumber, formatShare, formatSpan } from '../../../parts/words/format.ts'
import { LimitsCard } from './limits-card.tsx'

const actions = {
  none: 'Only tell',
  disable: 'Disable the key',
  rotate: 'Rotate, without grace',
  throttle: 'Slow the key down',
} as const
const leakActions = { none: 'Only tell', rotate: 'Rotate, without grace', revoke: 'Revoke the key' } as const

/** What a key is limited to, and what Momentry does about it by itself. */
export function PolicyTab({ keyNow }: { keyNow: Key }) {
  const { policy } = keyNow
  const { onAnomaly = 'none', minimumSeverity = 'high', onLeak = 'rotate', throttle, allowedAddresses = [] } = policy
  return (
    <PageBody>
      <LimitsCard keyNow={keyNow} />
      <div className="key-pair">
        <Card title="What is done by itself">
          <Facts
            rows={[
              [
                'After an anomaly',
                onAnomaly === 'none' ? actions.none : `${actions[onAnomaly]}, from ${minimumSeverity} on`,
              ],
              ['Slowed down', onAnomaly === 'throttle' ? throttleText(throttle) : undefined],
              ['After a leak', leakActions[onLeak]],
              ['Dry run', policy.dryRun ? 'yes: it is only told what would be done' : undefined],
            ]}
          />
        </Card>
        <Card title="Allowed addresses">
          <Chips items={allowedAddresses} none="From anywhere" />
        </Card>
      </div>
      <Card title="Thresholds of its own" description="What is not here is as for all keys">
        <Facts rows={thresholdRows(policy.anomaly ?? {})} />
      </Card>
    </PageBody>
  )
}

function throttleText({
  requestsPerMinute = 60,
  forSeconds = 900,
}: NonNullable<Key['policy']['throttle']> = {}): string {
  return `to ${formatNumber(requestsPerMinute)} requests a minute, for ${formatSpan(forSeconds)}`
}

function thresholdRows(anomaly: NonNullable<Key['policy']['anomaly']>): (readonly [string, string | undefined])[] {
  const count = (value: number | undefined, unit: string) =>
    value === undefined ? undefined : `${formatNumber(value)} ${unit}`
  const share = (value: number | undefined) => (value === undefined ? undefined : formatShare(value))
  const rows = [
    ['Request rate', count(anomaly.requestsPerMinute, 'requests a minute')],
    ['Addresses', count(anomaly.ipsPerHour, 'an hour')],
    ['Error share', share(anomaly.errorRate)],
    ['… from', count(anomaly.errorMinRequests, 'requests on')],
    [
      'Unusual hour',
      anomaly.timeMaxShare === undefined ? undefined : `below ${formatShare(anomaly.timeMaxShare)} of its use`,
    ],
    ['… from', count(anomaly.timeMinRequests, 'requests in it on')],
    ['… once it has', count(anomaly.timeMinDays, 'days of history')],
    ['… and', count(anomaly.timeMinHistory, 'requests of history')],
  ] as const
  return rows.some(([, value]) => value !== undefined) ? [...rows] : [['None', 'It is judged like all keys']]
}
