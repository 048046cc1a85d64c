import { z } from '@hono/zod-openapi'
import { clearLockout, clearLockouts } from '@momentry/shared/lockout/clear.ts'
import { listLockouts, listLockoutsSchema, lockoutViewSchema } from '@momentry/shared/lockout/list.ts'
import { contextOf } from '../../http/context.ts'
import { declareRoute } from '../../http/declare-route.ts'
import { json, pageSchema } from '../../http/page.ts'
import { createRouter, type Router } from '../../http/router.ts'
import type { Services } from '../../wiring/services.ts'

const listRoute = declareRoute(
  { scope: 'lockouts:read', problems: ['REDIS_UNAVAILABLE'] },
  {
    method: 'get',
    path: '/v1/lockouts',
    tags: ['lockouts'],
    operationId: 'listLockouts',
    summary: 'List the addresses that are locked out',
    request: { query: listLockoutsSchema },
    responses: {
      200: {
        description: 'A page of addresses, over all processes',
        content: json(pageSchema(lockoutViewSchema), {
          data: [{ address: '203.0.113.7', failures: 5, endsAt: '2026-01-06T10:15:00.000Z' }],
          pagination: { cursor: null, hasMore: false },
        }),
      },
    },
  },
)

const clearRoute = declareRoute(
  { scope: 'lockouts:write', problems: ['NOT_FOUND', 'REDIS_UNAVAILABLE'] },
  {
    method: 'delete',
    path: '/v1/lockouts/{address}',
    tags: ['lockouts'],
    operationId: 'clearLockout',
    summary: 'Free an address, and forget its failed attempts',
    request: {
      params: z.object({
        address: z
          .string()
          .min(2)
          .max(100)
          .meta({ description: 'In any form, or a /64 as it is listed', example: '203.0.113.7' }),
      }),
    },
    responses: { 204: { description: 'It is free, in every process' } },
  },
)

const clearAllRoute = declareRoute(
  { scope: 'lockouts:write', problems: ['REDIS_UNAVAILABLE'] },
  {
    method: 'delete',
    path: '/v1/lockouts',
    tags: ['lockouts'],
    operationId: 'clearLockouts',
    summary: 'Free every address',
    responses: {
      200: {
        description: 'They are free, in every process',
        content: json(z.object({ cleared: z.int() }).meta({ id: 'ClearedLockouts' }), { cleared: 3 }),
      },
    },
  },
)

/** Addresses that are locked out: look at them, and free them. */
export function createLockoutRoutes(services: Services): Router {
  const { redis, names, now } = services
  const { windowSeconds } = services.config.lockout
  const deps = { redis, names, windowSeconds }
  const router = createRouter()
  router.openapi(listRoute, async (c) =>
    c.json(await listLockouts({ redis, names, now: now() }, c.req.valid('query')), 200),
  )
  router.openapi(clearRoute, async (c) => {
    await clearLockout(contextOf(c, services), deps, c.req.valid('param').address)
    return c.body(null, 204)
  })
  router.openapi(clearAllRoute, async (c) =>
    c.json({ cleared: await clearLockouts(contextOf(c, services), deps) }, 200),
  )
  return router
}
