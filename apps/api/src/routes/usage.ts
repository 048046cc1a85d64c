import { z } from '@hono/zod-openapi'
import { idempotencyKeySchema } from '@momentry/shared/idempotency/run.ts'
import { createUsageReporter, reportUsageSchema } from '@momentry/shared/usage/report.ts'
import { callerOf } from '../http/context.ts'
import { declareRoute } from '../http/declare-route.ts'
import { json } from '../http/page.ts'
import { createRouter, type Router } from '../http/router.ts'
import type { Services } from '../wiring/services.ts'
import { exampleKey } from './examples.ts'

const acceptedSchema = z.object({ accepted: z.int() }).meta({ id: 'UsageAccepted' })

const route = declareRoute(
  { scope: 'usage:write', problems: ['IDEMPOTENCY_KEY_REUSED', 'REDIS_UNAVAILABLE'] },
  {
    method: 'post',
    path: '/v1/usage',
    tags: ['usage'],
    operationId: 'reportUsage',
    summary: 'Report requests that were made with keys',
    description:
      'All events are taken, or none. Send an `Idempotency-Key`, and send the same request again after a 503 or a lost ' +
      'answer: it counts once within 24 h. Where none is sent and every event has an `id`, the ids stand in for it. ' +
      '`at` is the time of the request (now, where absent) and may lie far in the past, but at most 60 s ahead. ' +
      '`method` and `path` are checked and not stored.',
    request: {
      headers: z.object({ 'idempotency-key': idempotencyKeySchema.optional() }),
      body: {
        required: true,
        content: json(reportUsageSchema, {
          events: [{ keyId: exampleKey.id, at: '2026-01-05T09:30:00Z', ip: '203.0.113.7', status: 200, latencyMs: 12 }],
        }),
      },
    },
    responses: {
      202: { description: 'Taken: each event counts exactly once', content: json(acceptedSchema, { accepted: 1 }) },
    },
  },
)

/** Usage: services report what was done with keys. */
export function createUsageRoutes(services: Services): Router {
  const { redis, postgres, names, appendUsage, now, config, tracing } = services
  const report = createUsageReporter({
    redis,
    pool: postgres.pool,
    names,
    append: appendUsage,
    now,
    markerSeconds: config.usage.markerSeconds,
    trace: tracing.current,
  })
  const router = createRouter()
  router.openapi(route, async (c) => {
    const idempotencyKey = c.req.valid('header')['idempotency-key']
    return c.json(await report(c.req.valid('json'), { reporterKeyId: callerOf(c).keyId, idempotencyKey }), 202)
  })
  return router
}
