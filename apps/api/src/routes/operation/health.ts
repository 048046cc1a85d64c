import { z } from '@hono/zod-openapi'
import { pendingMigrations } from '@momentry/shared/platform/postgres/migrate.ts'
import { declareRoute } from '../../http/declare-route.ts'
import { json } from '../../http/page.ts'
import { createRouter, type Router } from '../../http/router.ts'
import type { Services } from '../../wiring/services.ts'

const healthSchema = z.object({ status: z.literal('ok') }).meta({ id: 'Health' })

const readinessSchema = z
  .object({
    status: z.enum(['ready', 'degraded']),
    checks: z.object({
      postgres: z.enum(['ok', 'down']),
      redis: z.enum(['ok', 'down']),
      migrations: z.enum(['ok', 'pending', 'unknown']),
    }),
  })
  .meta({ id: 'Readiness' })
type Readiness = z.infer<typeof readinessSchema>

const healthRoute = declareRoute(
  { scope: 'none' },
  {
    method: 'get',
    path: '/healthz',
    tags: ['operation'],
    operationId: 'getHealth',
    summary: 'Whether the process lives',
    responses: { 200: { description: 'It does', content: json(healthSchema, { status: 'ok' }) } },
  },
)

const readyRoute = declareRoute(
  { scope: 'none' },
  {
    method: 'get',
    path: '/readyz',
    tags: ['operation'],
    operationId: 'getReadiness',
    summary: 'Whether Postgres, Redis and the schema are as they should be',
    responses: {
      200: {
        description: 'All of them are',
        content: json(readinessSchema, {
          status: 'ready',
          checks: { postgres: 'ok', redis: 'ok', migrations: 'ok' },
        }),
      },
      503: {
        description: 'One of them is not; cached keys still validate',
        content: json(readinessSchema, {
          status: 'degraded',
          checks: { postgres: 'ok', redis: 'down', migrations: 'ok' },
        }),
      },
    },
  },
)

/** For orchestrators: restart on /healthz, route traffic on /readyz. */
export function createHealthRoutes(services: Services): Router {
  const router = createRouter()
  router.openapi(healthRoute, (c) => c.json({ status: 'ok' as const }, 200))
  router.openapi(readyRoute, async (c) => {
    const [redis, database] = await Promise.all([checkRedis(services), checkDatabase(services)])
    const checks = { redis, ...database }
    const ready = Object.values(checks).every((check) => check === 'ok')
    return ready
      ? c.json({ status: 'ready' as const, checks }, 200)
      : c.json({ status: 'degraded' as const, checks }, 503)
  })
  return router
}

async function checkRedis({ redis }: Services): Promise<Readiness['checks']['redis']> {
  return redis.ping().then(
    () => 'ok',
    () => 'down',
  )
}

async function checkDatabase({ postgres }: Services): Promise<Omit<Readiness['checks'], 'redis'>> {
  return pendingMigrations(postgres.pool).then(
    (pending) => ({ postgres: 'ok', migrations: pending === 0 ? 'ok' : 'pending' }),
    () => ({ postgres: 'down', migrations: 'unknown' }),
  )
}
