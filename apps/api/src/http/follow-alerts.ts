import type { AlertFeed } from '@momentry/shared/alerts/feed.ts'
import type { SSEStreamingApi } from 'hono/streaming'

/** Proxies cut connections that are silent for longer. */
const heartbeatMs = 15_000

export interface FollowAlertsDeps {
  feed: AlertFeed
  /** Whether the listener may still be told anything. */
  stands(): Promise<boolean>
  signal: AbortSignal
}

/**
 * Writes the alerts after a number to an event stream, and goes on with those that come, for as long as the listener
 * stands. It reads no faster than the listener does, so that a slow one costs no memory.
 */
export async function followAlerts(deps: FollowAlertsDeps, stream: SSEStreamingApi, after: number): Promise<void> {
  const { feed, stands, signal } = deps
  let position = after
  // With a number from the start, so that a listener who is cut off before the first alert can come back to here.
  await stream.writeSSE({ id: String(position), event: 'listening', data: JSON.stringify({ seq: position }) })
  const mayGoOn = async () => !signal.aborted && (await stands())
  let woken = false
  while (!signal.aborted) {
    const alerts = await feed.read(position)
    for (const { seq, alert } of alerts) {
      if (!(await mayGoOn())) return
      await stream.writeSSE({ id: String(seq), event: 'alert', data: JSON.stringify(alert) })
      position = seq
    }
    if (alerts.length > 0) continue
    // Woken for nothing: after a restored backup the log goes on from an earlier number.
    if (woken) position = Math.min(position, await feed.latest())
    woken = await feed.wait(position, heartbeatMs, signal)
    if (woken) continue
    if (!(await mayGoOn())) return
    await stream.write(': still here\n\n')
  }
}
