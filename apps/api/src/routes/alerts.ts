import { z } from '@hono/zod-openapi'
import { streamSSE } from 'hono/streaming'
import { declareRoute } from '../http/declare-route.ts'
import { createRouter, type Router } from '../http/router.ts'
import type { Services } from '../wiring/services.ts'

/** Proxies cut connections that are silent for longer. */
const heartbeatMs = 15_000

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
      'What comes while nobody listens is in `GET /v1/anomalies`.',
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

/** Alerts, as they come. */
export function createAlertRoutes({ alerts, stopping }: Services): Router {
  const router = createRouter()
  router.openapi(route, (c) =>
    streamSSE(c, async (stream) => {
      const ended = Promise.withResolvers<void>()
      const end = alerts.listen((alert) => {
        const { timestamp, data } = alert
        void stream.writeSSE({ id: `${timestamp}_${data.id}`, event: 'alert', data: JSON.stringify(alert) })
      })
      const heartbeat = setInterval(() => void stream.write(': still here\n\n'), heartbeatMs)
      stream.onAbort(() => ended.resolve())
      stopping.addEventListener('abort', () => ended.resolve())
      await stream.write(': listening\n\n')
      await ended.promise
      clearInterval(heartbeat)
      end()
    }),
  )
  return router
}
