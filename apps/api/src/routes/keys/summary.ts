import { createKeySummary, keySummarySchema } from '@momentry/shared/keys/look/summary.ts'
import { declareRoute } from '../../http/declare-route.ts'
import { json } from '../../http/page.ts'
import type { Router } from '../../http/router.ts'
import type { Services } from '../../wiring/services.ts'

const route = declareRoute(
  { scope: 'keys:read' },
  {
    method: 'get',
    path: '/v1/keys/summary',
    tags: ['keys'],
    operationId: 'summarizeKeys',
    summary: 'Count the keys',
    description: 'Over very many keys an answer may be some seconds old.',
    responses: {
      200: {
        description: 'By type and by status; each key is counted once in either',
        content: json(keySummarySchema, {
          total: 42,
          byType: { system: 1, user: 11, service: 25, integration: 4, emergency: 1 },
          activeByType: { system: 1, user: 10, service: 22, integration: 4, emergency: 0 },
          byStatus: { active: 37, disabled: 1, expired: 2, revoked: 2 },
        }),
      },
    },
  },
)

export function addSummarizeKeys(router: Router, { postgres, now }: Services): void {
  const summarize = createKeySummary({ pool: postgres.pool, now })
  router.openapi(route, async (c) => c.json(await summarize(), 200))
}
