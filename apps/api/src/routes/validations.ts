import { readValidations, validationsQuerySchema, validationsSchema } from '@momentry/shared/validations/read.ts'
import { declareRoute } from '../http/declare-route.ts'
import { json } from '../http/page.ts'
import { createRouter, type Router } from '../http/router.ts'
import type { Services } from '../wiring/services.ts'

const route = declareRoute(
  { scope: 'keys:read' },
  {
    method: 'get',
    path: '/v1/validations',
    tags: ['usage'],
    operationId: 'getValidations',
    summary: 'How validations ended, over time',
    description:
      'Answers of `POST /v1/keys/validate` by code, over all processes. They are counted in memory and written every ' +
      '5 s, so that the newest seconds may be missing, and those of a process that is killed. Kept for 90 days.',
    request: { query: validationsQuerySchema },
    responses: {
      200: {
        description: 'Counts by code, and a bucket per interval',
        content: json(validationsSchema, {
          from: '2026-01-05T09:28:00.000Z',
          to: '2026-01-05T09:30:00.000Z',
          interval: 'minute',
          series: [
            { start: '2026-01-05T09:28:00.000Z', outcomes: { VALID: 118, EXPIRED: 1 } },
            { start: '2026-01-05T09:29:00.000Z', outcomes: { VALID: 102 } },
          ],
          totals: { VALID: 220, EXPIRED: 1 },
        }),
      },
    },
  },
)

/** How validations ended. */
export function createValidationsRoutes({ postgres, now }: Services): Router {
  const router = createRouter()
  router.openapi(route, async (c) => c.json(await readValidations(postgres.pool, c.req.valid('query'), now()), 200))
  return router
}
