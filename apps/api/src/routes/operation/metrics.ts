import { z } from '@hono/zod-openapi'
import { declareRoute } from '../../http/declare-route.ts'
import { createRouter, type Router } from '../../http/router.ts'
import type { Services } from '../../wiring/services.ts'

const route = declareRoute(
  { scope: 'none' },
  {
    method: 'get',
    path: '/metrics',
    tags: ['operation'],
    operationId: 'getMetrics',
    summary: 'Figures for Prometheus',
    description: 'Holds no secrets, names or ids of keys.',
    responses: {
      200: {
        description: 'Prometheus text format',
        content: { 'text/plain': { schema: z.string(), example: 'momentry_cache_entries 12' } },
      },
    },
  },
)

export function createMetricsRoutes({ registry }: Services): Router {
  const router = createRouter()
  router.openapi(route, async (c) => c.text(await registry.metrics(), 200, { 'content-type': registry.contentType }))
  return router
}
