import { readSystem } from '@momentry/shared/system/read.ts'
import { systemSchema } from '@momentry/shared/system/schemas.ts'
import { declareRoute } from '../../http/declare-route.ts'
import { json } from '../../http/page.ts'
import { createRouter, type Router } from '../../http/router.ts'
import type { Services } from '../../wiring/services.ts'

const route = declareRoute(
  { scope: 'system:read' },
  {
    method: 'get',
    path: '/v1/system',
    tags: ['operation'],
    operationId: 'getSystem',
    summary: 'How the whole installation is',
    description: 'Its processes, how far behind they are, and the stores. A store that is away is told of as such.',
    responses: {
      200: {
        description: 'All that is known just now',
        content: json(systemSchema, {
          processes: [
            {
              id: '1f0e5f3c-5a9e-4a53-9d4c-3b6f0c1d2e3f',
              app: 'worker',
              pid: 4711,
              host: 'momentry-1',
              version: '1.0.0',
              startedAt: '2026-01-05T08:00:00.000Z',
              seenAt: '2026-01-05T09:30:00.000Z',
              healthy: true,
              cpu: 0.12,
              rssBytes: 94371840,
            },
          ],
          streams: [{ name: 'usage', partition: 0, length: 2, pending: 2, dead: 0, lagSeconds: 0.05 }],
          totals: { usageLag: 2, anomalyLag: 0 },
          redis: { connected: true, usedBytes: 12582912, maxBytes: null },
          postgres: { connected: true, bytes: 73400320 },
          time: '2026-01-05T09:30:01.000Z',
        }),
      },
    },
  },
)

/** How the installation is, for the console's overview. */
export function createSystemRoutes(services: Services): Router {
  const { postgres, redis, names, now, config } = services
  const router = createRouter()
  router.openapi(route, async (c) =>
    c.json(
      await readSystem({ pool: postgres.pool, redis, names, partitions: config.usage.partitions, now: now() }),
      200,
    ),
  )
  return router
}
