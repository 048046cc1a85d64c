import { z } from '@hono/zod-openapi'
import { revokeKey } from '@momentry/shared/keys/revoke.ts'
import { reasonSchema, revokeKeySchema } from '@momentry/shared/keys/schemas.ts'
import { keyViewSchema } from '@momentry/shared/keys/view.ts'
import { contextOf } from '../../http/context.ts'
import { declareRoute } from '../../http/declare-route.ts'
import { json } from '../../http/page.ts'
import type { Router } from '../../http/router.ts'
import type { Services } from '../../wiring/services.ts'
import { exampleKey } from '../examples.ts'
import { keyParams } from './get.ts'

const rules = { scope: 'keys:write', problems: ['KEY_NOT_FOUND', 'SCOPE_NOT_HELD'] } as const

const revokeRoute = declareRoute(rules, {
  method: 'post',
  path: '/v1/keys/{id}/revoke',
  tags: ['keys'],
  operationId: 'revokeKey',
  summary: 'Revoke a key for good',
  description: 'Its secrets stop validating at once. A key that is revoked already stays as it is.',
  request: { params: keyParams, body: { content: json(revokeKeySchema, { reason: 'leaked in a commit' }) } },
  responses: {
    200: {
      description: 'The revoked key',
      content: json(keyViewSchema, {
        ...exampleKey,
        status: 'revoked',
        revokedAt: '2026-01-06T10:00:00.000Z',
        revokeReason: 'leaked in a commit',
      }),
    },
  },
})

const deleteRoute = declareRoute(rules, {
  method: 'delete',
  path: '/v1/keys/{id}',
  tags: ['keys'],
  operationId: 'deleteKey',
  summary: 'Revoke a key for good',
  description: 'The same as POST …/revoke: the record stays, so that its secrets are still told from unknown ones.',
  request: { params: keyParams, query: z.strictObject({ reason: reasonSchema.optional() }) },
  responses: { 204: { description: 'Revoked' } },
})

export function addRevokeKey(router: Router, services: Services): void {
  router.openapi(revokeRoute, async (c) => {
    const key = await revokeKey(contextOf(c, services), c.req.valid('param').id, c.req.valid('json'))
    return c.json(key, 200)
  })
  router.openapi(deleteRoute, async (c) => {
    await revokeKey(contextOf(c, services), c.req.valid('param').id, c.req.valid('query'))
    return c.body(null, 204)
  })
}
