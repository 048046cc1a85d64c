import { z } from '@hono/zod-openapi'
import { listVersions, versionSchema } from '@momentry/shared/rotation/read/versions.ts'
import { contextOf } from '../../http/context.ts'
import { declareRoute } from '../../http/declare-route.ts'
import { json } from '../../http/page.ts'
import type { Router } from '../../http/router.ts'
import type { Services } from '../../wiring/services.ts'
import { keyParams } from './get.ts'

const route = declareRoute(
  { scope: 'keys:read', problems: ['KEY_NOT_FOUND'] },
  {
    method: 'get',
    path: '/v1/keys/{id}/versions',
    tags: ['keys'],
    operationId: 'listKeyVersions',
    summary: "List the versions of a key's secret",
    description: 'The newest first, at most 200. Nobody can read a secret here.',
    request: { params: keyParams },
    responses: {
      200: {
        description: 'The versions',
        content: json(z.object({ data: z.array(versionSchema) }).meta({ id: 'KeyVersions' }), {
          data: [
            {
              version: 2,
              state: 'current',
              hint: 'x7Kq',
              createdAt: '2026-01-05T09:30:00.000Z',
              expiresAt: null,
              lastUsedAt: '2026-01-05T10:12:09.000Z',
            },
            {
              version: 1,
              state: 'grace',
              hint: 'p0Zd',
              createdAt: '2025-10-07T09:30:00.000Z',
              expiresAt: '2026-01-07T09:30:00.000Z',
              lastUsedAt: '2026-01-05T09:41:41.000Z',
            },
          ],
        }),
      },
    },
  },
)

export function addKeyVersions(router: Router, services: Services): void {
  router.openapi(route, async (c) => {
    const data = await listVersions(contextOf(c, services), services.postgres.pool, c.req.valid('param').id)
    return c.json({ data }, 200)
  })
}
