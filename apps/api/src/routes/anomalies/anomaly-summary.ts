import { anomalySummarySchema, summarizeAnomalies } from '@momentry/shared/anomalies/summary.ts'
import { declareRoute } from '../../http/declare-route.ts'
import { json } from '../../http/page.ts'
import { createRouter, type Router } from '../../http/router.ts'
import type { Services } from '../../wiring/services.ts'

const route = declareRoute(
  { scope: 'anomalies:read' },
  {
    method: 'get',
    path: '/v1/anomalies/summary',
    tags: ['anomalies'],
    operationId: 'summarizeAnomalies',
    summary: 'Count the anomalies that nobody has dealt with',
    responses: {
      200: {
        description: 'Open ones by severity, and those that somebody looks after',
        content: json(anomalySummarySchema, { open: { low: 0, medium: 3, high: 1, critical: 0 }, acknowledged: 2 }),
      },
    },
  },
)

/** How many anomalies wait. */
export function createAnomalySummaryRoutes({ postgres }: Services): Router {
  const router = createRouter()
  router.openapi(route, async (c) => c.json(await summarizeAnomalies(postgres.pool), 200))
  return router
}
