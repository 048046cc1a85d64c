import { z } from '@hono/zod-openapi'
import { streamSSE } from 'hono/streaming'
import { callerOf } from '../http/context.ts'
import { declareRoute } from '../http/declare-route.ts'
import { createRouter, type Router } from '../http/router.ts'
import type { Services } from '../wiring/services.ts'

/** Proxies cut connections that are silent for longer. */
const heartbeatMs = 15_000
/** A listener that is so many alerts behind does not read: it is let go before it fills the memory. */
const maxWaiting = 1_000

const route = declareRoute(
  { scope: 'anomalies:read' },
  {
    method: 'get',
    path: '/v1/alerts/stream',
    tags: ['anomalies'],
    operationId: 'streamAlerts',
    summary: 'Follow alerts as they come',
    description:
      'Server-sent events: `event: alert` with an alert as `data`, the same JSON as on the channel `momentry:anomaly:alerts`. ' +
      'What comes while nobody listens is in `GET /v1/anomalies`. The stream ends when the key stops being good.',
    responses: {
      200: {
        description: 'A stream without an end',
        content: {
          'text/event-stream': {
            schema: z.string(),
            example: 'event: alert\ndata: {"type":"anomaly.detected", …}\n\n',
          },
        },
      },
    },
  },
)

/** Alerts, as they come, for as long as the key is good. */
export function createAlertRoutes({ alerts, stands, stopping }: Services): Router {
  const router = createRouter()
  router.openapi(route, (c) => {
    const { digest, session } = callerOf(c)
    return streamSSE(c, async (stream) => {
      const ended = Promise.withResolvers<void>()
      const send = inTurn(ended.resolve, async (write: () => Promise<unknown>) => {
        if (await stands({ digest, sessionId: session?.id, scope: 'anomalies:read' })) await write()
        else ended.resolve()
      })
      const end = alerts.listen((alert) => {
        const { timestamp, data } = alert
        send(() => stream.writeSSE({ id: `${timestamp}_${data.id}`, event: 'alert', data: JSON.stringify(alert) }))
      })
      const heartbeat = setInterval(() => send(() => stream.write(': still here\n\n')), heartbeatMs)
      stream.onAbort(() => ended.resolve())
      stopping.addEventListener('abort', () => ended.resolve())
      await stream.write(': listening\n\n')
      await ended.promise
      clearInterval(heartbeat)
      end()
    })
  })
  return router
}

/** Does one thing after the other. @param giveUp called where too many wait, or one fails */
function inTurn<T>(giveUp: () => void, work: (task: T) => Promise<void>): (task: T) => void {
  let waiting = 0
  let last = Promise.resolve()
  return (task) => {
    if (waiting >= maxWaiting) return giveUp()
    waiting += 1
    last = last
      .then(() => work(task))
      .catch(giveUp)
      .finally(() => {
        waiting -= 1
      })
  }
}
