import { readActivity } from '@momentry/shared/keys/look/activity.ts'
import { activitySchema } from '@momentry/shared/keys/look/activity-schema.ts'
import { contextOf } from '../../http/context.ts'
import { declareRoute } from '../../http/declare-route.ts'
import { json } from '../../http/page.ts'
import type { Router } from '../../http/router.ts'
import type { Services } from '../../wiring/services.ts'
import { keyParams } from './get.ts'

/** A key at work from Monday to Friday, 08 to 17 o'clock. */
const exampleWeek = Array.from({ length: 168 }, (_, hour) => {
  const isWorkday = hour < 120
  return isWorkday && hour % 24 >= 8 && hour % 24 < 17 ? 120 : 0
})

const route = declareRoute(
  { scope: 'keys:read', problems: ['KEY_NOT_FOUND'] },
  {
    method: 'get',
    path: '/v1/keys/{id}/activity',
    tags: ['keys'],
    operationId: 'getKeyActivity',
    summary: 'What a key does lately, and when it usually does it',
    description: 'What whoever revokes or rotates it would break. The last second or two may still be on their way.',
    request: { params: keyParams },
    responses: {
      200: {
        description: 'Requests, addresses, and the habit that `unusual_time` goes by',
        content: json(activitySchema, {
          lastUsedAt: '2026-01-05T09:29:41.000Z',
          requestsLastHour: 118,
          requestsPerHour: 32.1,
          addresses: [
            {
              address: '203.0.113.7',
              requests: 5400,
              errors: 12,
              firstSeenAt: '2025-12-29T09:30:12.000Z',
              lastSeenAt: '2026-01-05T09:29:41.000Z',
            },
          ],
          addressCount: 1,
          hourOfWeek: exampleWeek,
          habit: { days: 21.4, requests: 5400, ready: true },
        }),
      },
    },
  },
)

export function addKeyActivity(router: Router, services: Services): void {
  const { postgres, redis, names, config } = services
  const { partitions } = config.usage
  const deps = { pool: postgres.pool, redis, names, partitions, defaults: config.anomaly.thresholds }
  router.openapi(route, async (c) =>
    c.json(await readActivity(contextOf(c, services), deps, c.req.valid('param').id), 200),
  )
}
