import { z } from '@hono/zod-openapi'
import { listAlerts, loggedAlertSchema } from '@momentry/shared/alerts/list.ts'
import { followAlertsSchema, listAlertsSchema, seqSchema } from '@momentry/shared/alerts/schemas.ts'
import { streamSSE } from 'hono/streaming'
import { callerOf, contextOf } from '../../http/context.ts'
import { declareRoute } from '../../http/declare-route.ts'
import { followAlerts } from '../../http/follow-alerts.ts'
import { json, pageSchema } from '../../http/page.ts'
import { createRouter, type Router } from '../../http/router.ts'
import type { Services } from '../../wiring/services.ts'
import { exampleAlert } from '../examples.ts'

const scope = 'anomalies:read'

const listRoute = declareRoute(
  { scope },
  {
    method: 'get',
    path: '/v1/alerts',
    tags: ['alerts'],
    operationId: 'listAlerts',
    summary: 'List the alerts that were told, the newest first',
    description: 'Each once, also where it was told more than once. They are kept for `ALERT_RETENTION_DAYS`.',
    request: { query: listAlertsSchema },
    responses: {
      200: {
        description: 'A page of alerts',
        content: json(pageSchema(loggedAlertSchema), {
          data: [{ seq: 42, toldAt: '2026-01-05T09:30:00.431Z', owner: 'team-payments', alert: exampleAlert }],
          pagination: { cursor: null, hasMore: false },
        }),
      },
    },
  },
)

const streamRoute = declareRoute(
  { scope },
  {
    method: 'get',
    path: '/v1/alerts/stream',
    tags: ['alerts'],
    operationId: 'streamAlerts',
    summary: 'Follow alerts as they come',
    description:
      'Server-sent events: `event: alert` with an alert as `data`, the same JSON as on the channel `momentry:anomaly:alerts`, and its ' +
      'number in the log as `id`. Whoever comes back with the last number (`Last-Event-ID`, which an EventSource sends by itself, or ' +
      '`since`) is sent what came meanwhile, and then goes on: each alert once, in the order of its number. The stream begins with ' +
      '`event: listening`, which has the number that it goes on from, and ends when the key stops being good.',
    request: {
      query: followAlertsSchema,
      headers: z.object({
        'last-event-id': z.string().max(200).optional().meta({
          description: 'The number of the last alert that came. What is no number is passed over.',
          example: '41',
        }),
      }),
    },
    responses: {
      200: {
        description: 'A stream without an end',
        content: {
          'text/event-stream': {
            schema: z.string(),
            example: 'id: 42\nevent: alert\ndata: {"type":"anomaly.detected", …}\n\n',
          },
        },
      },
    },
  },
)

/** Alerts: those that were told, and the stream of those that come. */
export function createAlertRoutes(services: Services): Router {
  const { alerts: feed, log, stands, stopping } = services
  const router = createRouter()
  router.openapi(listRoute, async (c) => c.json(await listAlerts(contextOf(c, services), c.req.valid('query')), 200))
  router.openapi(streamRoute, async (c) => {
    const { digest, session } = callerOf(c)
    const latest = await feed.latest()
    const asked = lastSeen(c.req.valid('header')['last-event-id']) ?? c.req.valid('query').since ?? latest
    // A number beyond the log is from before a restored backup: to wait for it would be to miss all until then.
    const after = Math.min(asked, latest)
    return streamSSE(c, async (stream) => {
      const left = new AbortController()
      stream.onAbort(() => left.abort())
      const deps = {
        feed,
        stands: () => stands({ digest, sessionId: session?.id, scope }),
        signal: AbortSignal.any([left.signal, stopping]),
      }
      // Ends the answer: the listener comes back, and goes on from where it was.
      await followAlerts(deps, stream, after).catch((error: unknown) =>
        log.warn({ err: error }, 'a stream of alerts ended early'),
      )
    })
  })
  return router
}

function lastSeen(id: string | undefined): number | undefined {
  return id === undefined || id === '' ? undefined : seqSchema.safeParse(id).data
}
