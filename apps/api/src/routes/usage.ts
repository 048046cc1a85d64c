import { z } from '@hono/zod-openapi'
import { idempotencyKeySchema } from '@momentry/shared/idempotency/run.ts'
import { type ReportUsageInput, reportUsageSchema } from '@momentry/shared/usage/report/read.ts'
import { createUsageReporter } from '@momentry/shared/usage/report/report.ts'
import type { Context, MiddlewareHandler } from 'hono'
import { callerOf } from '../http/context.ts'
import { declareRoute } from '../http/declare-route.ts'
import type { ApiEnv } from '../http/env.ts'
import { json } from '../http/page.ts'
import { createRouter, type Router } from '../http/router.ts'
import type { Services } from '../wiring/services.ts'
import { exampleKey } from './examples.ts'
import { readPlainReport } from './usage/plain-report.ts'

const acceptedSchema = z.object({ accepted: z.int() }).meta({ id: 'UsageAccepted' })

const declareReport = (shortcut: MiddlewareHandler<ApiEnv>) =>
  declareRoute(
    { scope: 'usage:write', problems: ['IDEMPOTENCY_KEY_REUSED', 'REDIS_UNAVAILABLE'], shortcut },
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
            events: [
              { keyId: exampleKey.id, at: '2026-01-05T09:30:00Z', ip: '203.0.113.7', status: 200, latencyMs: 12 },
            ],
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
  const take = async (c: Context<ApiEnv>, input: ReportUsageInput, idempotencyKey: string | undefined) =>
    c.json(await report(input, { reporterKeyId: callerOf(c).keyId, idempotencyKey }), 202)

  const router = createRouter()
  const route = declareReport(async (c, next) => {
    const plain = await readPlainReport(c)
    return plain ? take(c, plain.input, plain.idempotencyKey) : next()
  })
  router.openapi(route, (c) => take(c, c.req.valid('json'), c.req.valid('header')['idempotency-key']))
  return router
}
