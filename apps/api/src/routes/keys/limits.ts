import { z } from '@hono/zod-openapi'
import { readLimits } from '@momentry/shared/keys/limits/read.ts'
import { resetLimits } from '@momentry/shared/keys/limits/reset.ts'
import { limitsSchema } from '@momentry/shared/keys/validation/answer.ts'
import { contextOf } from '../../http/context.ts'
import { declareRoute } from '../../http/declare-route.ts'
import { json } from '../../http/page.ts'
import type { Router } from '../../http/router.ts'
import type { Services } from '../../wiring/services.ts'
import { exampleKey } from '../examples.ts'
import { keyParams } from './get.ts'

const limitsOfKeySchema = z
  .object({
    keyId: z.uuid(),
    limits: limitsSchema,
    throttledUntil: z.iso
      .datetime()
      .nullable()
      .meta({ description: 'Until when an anomaly slows it down; null where none does' }),
  })
  .meta({ id: 'LimitsOfKey' })

const readRoute = declareRoute(
  { scope: 'keys:read', problems: ['KEY_NOT_FOUND', 'REDIS_UNAVAILABLE'] },
  {
    method: 'get',
    path: '/v1/keys/{id}/limits',
    tags: ['keys'],
    operationId: 'readKeyLimits',
    summary: 'Tell what a key has left of its limits',
    description: 'Over all processes. What a process has reserved for the requests to come counts as used.',
    request: { params: keyParams },
    responses: {
      200: {
        description: 'What is left; nothing is spent by asking',
        content: json(limitsOfKeySchema, {
          keyId: exampleKey.id,
          limits: [{ name: 'burst', limit: 100, remaining: 60, resetSeconds: 12, windowSeconds: 60 }],
          throttledUntil: null,
        }),
      },
    },
  },
)

const resetRoute = declareRoute(
  { scope: 'keys:write', problems: ['KEY_NOT_FOUND', 'SCOPE_NOT_HELD', 'REDIS_UNAVAILABLE'] },
  {
    method: 'post',
    path: '/v1/keys/{id}/limits/reset',
    tags: ['keys'],
    operationId: 'resetKeyLimits',
    summary: 'Let a key begin anew',
    description: 'Nothing counts as used any more, in every process, and what an anomaly put on the key is taken off.',
    request: { params: keyParams },
    responses: { 204: { description: 'Done' } },
  },
)

export function addKeyLimits(router: Router, services: Services): void {
  router.openapi(readRoute, async (c) =>
    c.json(await readLimits(contextOf(c, services), services, c.req.valid('param').id), 200),
  )
  router.openapi(resetRoute, async (c) => {
    await resetLimits(contextOf(c, services), services, c.req.valid('param').id)
    return c.body(null, 204)
  })
}
