import { z } from '@hono/zod-openapi'
import { resolveAnomalyEverywhere } from '@momentry/shared/alert-sinks/resolve-anomaly.ts'
import { muteAnomalySchema } from '@momentry/shared/alerts/silences/schemas.ts'
import { listAnomalies } from '@momentry/shared/anomalies/list.ts'
import { muteAnomaly } from '@momentry/shared/anomalies/mute.ts'
import { listAnomaliesSchema, settleAnomalySchema } from '@momentry/shared/anomalies/schemas.ts'
import { acknowledgeAnomaly } from '@momentry/shared/anomalies/settle.ts'
import { anomalySchema } from '@momentry/shared/anomalies/view.ts'
import { idSchema } from '@momentry/shared/platform/id.ts'
import { contextOf } from '../../http/context.ts'
import { declareRoute } from '../../http/declare-route.ts'
import { json, pageSchema } from '../../http/page.ts'
import { createRouter, type Router } from '../../http/router.ts'
import type { Services } from '../../wiring/services.ts'
import { exampleAnomaly } from '../examples.ts'

const listRoute = declareRoute(
  { scope: 'anomalies:read' },
  {
    method: 'get',
    path: '/v1/anomalies',
    tags: ['anomalies'],
    operationId: 'listAnomalies',
    summary: 'List anomalies, the newest first',
    request: { query: listAnomaliesSchema },
    responses: {
      200: {
        description: 'A page of anomalies',
        content: json(pageSchema(anomalySchema), {
          data: [exampleAnomaly],
          pagination: { cursor: null, hasMore: false },
        }),
      },
    },
  },
)

const params = z.strictObject({ id: idSchema.meta({ description: "The anomaly's id" }) })
const body = { content: json(settleAnomalySchema, { note: 'known load test' }) }
const rules = { scope: 'anomalies:write', problems: ['ANOMALY_NOT_FOUND'] } as const

const acknowledgeRoute = declareRoute(rules, {
  method: 'post',
  path: '/v1/anomalies/{id}/acknowledge',
  tags: ['anomalies'],
  operationId: 'acknowledgeAnomaly',
  summary: 'Note that somebody looks after an anomaly',
  description: 'One that is acknowledged or resolved already stays as it is.',
  request: { params, body },
  responses: {
    200: { description: 'The anomaly', content: json(anomalySchema, { ...exampleAnomaly, state: 'acknowledged' }) },
  },
})

const resolveRoute = declareRoute(rules, {
  method: 'post',
  path: '/v1/anomalies/{id}/resolve',
  tags: ['anomalies'],
  operationId: 'resolveAnomaly',
  summary: 'Note that an anomaly is dealt with',
  description: 'One that is resolved already stays as it is.',
  request: { params, body },
  responses: {
    200: { description: 'The anomaly', content: json(anomalySchema, { ...exampleAnomaly, state: 'resolved' }) },
  },
})

const muteRoute = declareRoute(
  { scope: 'anomalies:write', problems: ['ANOMALY_NOT_FOUND', 'CONFLICT'] },
  {
    method: 'post',
    path: '/v1/anomalies/{id}/mute',
    tags: ['anomalies'],
    operationId: 'muteAnomaly',
    summary: 'Keep what a rule finds about a key from sinks for a time',
    description:
      "Makes a silence for the anomaly's key and rule, in place of an earlier mute. To end it sooner, end that silence.",
    request: {
      params,
      body: { required: true, content: json(muteAnomalySchema, { forSeconds: 3600, reason: 'known load test' }) },
    },
    responses: {
      200: {
        description: 'The anomaly',
        content: json(anomalySchema, { ...exampleAnomaly, mutedUntil: '2026-01-05T10:30:00.000Z' }),
      },
    },
  },
)

/** Anomalies: what was found, and what became of it. */
export function createAnomaliesRoutes(services: Services): Router {
  const router = createRouter()
  router.openapi(listRoute, async (c) => c.json(await listAnomalies(contextOf(c, services), c.req.valid('query')), 200))
  router.openapi(acknowledgeRoute, async (c) =>
    c.json(await acknowledgeAnomaly(contextOf(c, services), c.req.valid('param').id, c.req.valid('json')), 200),
  )
  router.openapi(resolveRoute, async (c) =>
    c.json(await resolveAnomalyEverywhere(contextOf(c, services), c.req.valid('param').id, c.req.valid('json')), 200),
  )
  router.openapi(muteRoute, async (c) =>
    c.json(await muteAnomaly(contextOf(c, services), c.req.valid('param').id, c.req.valid('json')), 200),
  )
  return router
}
