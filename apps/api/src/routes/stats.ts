import { getKey } from '@momentry/shared/keys/get.ts'
import { readStats, type Stats, statsQuerySchema, statsSchema } from '@momentry/shared/usage/stats.ts'
import { contextOf } from '../http/context.ts'
import { declareRoute } from '../http/declare-route.ts'
import { json } from '../http/page.ts'
import { createRouter, type Router } from '../http/router.ts'
import type { Services } from '../wiring/services.ts'
import { keyParams } from './keys/get.ts'

const example: Stats = {
  from: '2026-01-05T08:00:00.000Z',
  to: '2026-01-05T10:00:00.000Z',
  interval: 'hour',
  totals: { requests: 1200, errors: 3, addresses: 2, latencyMs: 11.5 },
  series: [
    { start: '2026-01-05T08:00:00.000Z', requests: 500, errors: 1 },
    { start: '2026-01-05T09:00:00.000Z', requests: 700, errors: 2 },
  ],
}

const ofKey = declareRoute(
  { scope: 'keys:read', problems: ['KEY_NOT_FOUND'] },
  {
    method: 'get',
    path: '/v1/keys/{id}/stats',
    tags: ['usage'],
    operationId: 'getKeyStats',
    summary: "Sum up a key's usage",
    request: { params: keyParams, query: statsQuerySchema },
    responses: { 200: { description: 'Totals, and a bucket per interval', content: json(statsSchema, example) } },
  },
)

const ofAll = declareRoute(
  { scope: 'keys:read' },
  {
    method: 'get',
    path: '/v1/stats',
    tags: ['usage'],
    operationId: 'getStats',
    summary: 'Sum up the usage of all keys',
    request: { query: statsQuerySchema },
    responses: { 200: { description: 'Totals, and a bucket per interval', content: json(statsSchema, example) } },
  },
)

/** Stats: usage, summed up. */
export function createStatsRoutes(services: Services): Router {
  const { postgres, now } = services
  const router = createRouter()
  router.openapi(ofKey, async (c) => {
    const key = await getKey(contextOf(c, services), c.req.valid('param').id)
    return c.json(await readStats(postgres.pool, key.id, c.req.valid('query'), now()), 200)
  })
  router.openapi(ofAll, async (c) =>
    c.json(await readStats(postgres.pool, undefined, c.req.valid('query'), now()), 200),
  )
  return router
}
