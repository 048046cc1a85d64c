import { z } from '@hono/zod-openapi'
import { getAnomaly } from '@momentry/shared/anomalies/get.ts'
import { anomalySchema } from '@momentry/shared/anomalies/view.ts'
import { idSchema } from '@momentry/shared/platform/id.ts'
import { contextOf } from '../../http/context.ts'
import { declareRoute } from '../../http/declare-route.ts'
import { json } from '../../http/page.ts'
import { createRouter, type Router } from '../../http/router.ts'
import type { Services } from '../../wiring/services.ts'
import { exampleAnomaly } from '../examples.ts'

const getRoute = declareRoute(
  { scope: 'anomalies:read', problems: ['ANOMALY_NOT_FOUND'] },
  {
    method: 'get',
    path: '/v1/anomalies/{id}',
    tags: ['anomalies'],
    operationId: 'getAnomaly',
    summary: 'Read one anomaly',
    request: { params: z.strictObject({ id: idSchema.meta({ description: "The anomaly's id" }) }) },
    responses: { 200: { description: 'The anomaly', content: json(anomalySchema, exampleAnomaly) } },
  },
)

/** One anomaly. It is mounted after the paths that have a word in the place of the id. */
export function createAnomalyRoutes(services: Services): Router {
  const router = createRouter()
  router.openapi(getRoute, async (c) => c.json(await getAnomaly(contextOf(c, services), c.req.valid('param').id), 200))
  return router
}
