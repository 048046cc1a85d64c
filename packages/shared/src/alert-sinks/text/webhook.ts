import type { Message } from '../sender.ts'

/** Receivers bound what they read, often at 1 MiB or less. */
const longestBody = 256 * 1024

/**
 * Writes what a webhook gets: one alert as it is on the channel; several, or one of which others were left out, as
 * `alerts.grouped`; a test as `alert.test`. It is the same at each attempt, but for the time of a test.
 * @param now ms
 */
export function webhookBody({ id, sink, alerts, omitted, test }: Message, now: number): string {
  const [first] = alerts
  if (first && alerts.length === 1 && omitted === 0) return JSON.stringify(first.alert)
  if (first)
    return groupBody(
      alerts.map(({ alert }) => alert),
      omitted,
    )
  const data = { id, sinkId: sink.id, sinkName: sink.name }
  return JSON.stringify({ type: test ? 'alert.test' : 'alerts.grouped', timestamp: new Date(now).toISOString(), data })
}

/** Leaves the earliest out where all of them would be too much. */
function groupBody(alerts: readonly { timestamp: string }[], omitted: number): string {
  const timestamp = alerts.at(-1)?.timestamp
  const body = JSON.stringify({ type: 'alerts.grouped', timestamp, data: { alerts, omitted } })
  if (alerts.length <= 1 || Buffer.byteLength(body) <= longestBody) return body
  const left = Math.ceil(alerts.length / 2)
  return groupBody(alerts.slice(left), omitted + left)
}
