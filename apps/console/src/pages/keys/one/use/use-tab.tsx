import { useKeyActivity } from '../../../../api/keys/key-details.ts'
import type { Key } from '../../../../api/keys/keys.ts'
import { HeatMap } from '../../../../parts/charts/heat-map.tsx'
import { Card } from '../../../../parts/page/card.tsx'
import { Figure } from '../../../../parts/page/figure.tsx'
import { PageBody } from '../../../../parts/page/page.tsx'
import { StatTile } from '../../../../parts/page/stat-tile.tsx'
import { formatNumber } from '../../../../parts/words/format.ts'
import { NumberText } from '../../../../parts/words/number-text.tsx'
import { TimeText } from '../../../../parts/words/time-text.tsx'
import { KeyFacts } from '../key-facts.tsx'
import { Addresses } from './addresses.tsx'
import { UseChart } from './use-chart.tsx'

/** How a key is used: over time, by hour of the week, and from where. */
export function UseTab({ keyNow }: { keyNow: Key }) {
  const activity = useKeyActivity(keyNow.id)
  const { data } = activity
  const none = activity.error && !data ? '–' : undefined
  return (
    <PageBody>
      <div className="stat-row">
        <StatTile
          label="Last used"
          value={<TimeText at={data?.lastUsedAt ?? keyNow.lastUsedAt} as="distance" none="never" />}
        />
        <StatTile
          label="In the last hour"
          value={none ?? (data && <NumberText value={data.requestsLastHour} as="short" />)}
          note="requests"
        />
        <StatTile
          label="Usual hour"
          value={none ?? (data && <NumberText value={Math.round(data.requestsPerHour)} as="short" />)}
          note="requests, on average over 7 days"
        />
        <StatTile
          label="Addresses"
          value={none ?? (data && <NumberText value={data.addressCount} />)}
          note="that used it"
        />
      </div>
      <UseChart keyId={keyNow.id} lastUsedAt={keyNow.lastUsedAt} />
      <div className="key-pair">
        <Card title="Hours of the week" description={data?.habit ? habitOf(data.habit) : undefined}>
          <Figure query={activity} height={180}>
            {({ hourOfWeek }) => <HeatMap unit="requests" hours={hourOfWeek} />}
          </Figure>
        </Card>
        <KeyFacts keyNow={keyNow} />
      </div>
      <Card title="Addresses" description="From where the key was used" flush>
        <Addresses activity={activity} />
      </Card>
    </PageBody>
  )
}

function habitOf({ days, requests, ready }: { days: number; requests: number; ready: boolean }): string {
  const whole = Math.floor(days)
  const age = whole === 0 ? 'less than a day' : whole === 1 ? '1 day' : `${formatNumber(whole)} days`
  const known = `${age}, ${formatNumber(requests)} requests`
  return ready ? `Its habit, of ${known}` : `Its habit is still being learnt: ${known}`
}
