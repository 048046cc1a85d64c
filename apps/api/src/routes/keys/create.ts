import { z } from '@hono/zod-openapi'
import { idempotencyKeySchema } from '@momentry/shared/idempotency/run.ts'
import { createKey } from '@momentry/shared/keys/create.ts'
import { createKeySchema } from '@momentry/shared/keys/schemas.ts'
import { keyViewSchema } from '@momentry/shared/keys/view.ts'
import { declareRoute } from '../../http/declare-route.ts'
import { doOnce } from '../../http/do-once.ts'
import { json } from '../../http/page.ts'
import type { Router } from '../../http/router.ts'
import type { Services } from '../../wiring/services.ts'
import { exampleKey, exampleSecret } from '../examples.ts'

const createdKeySchema = keyViewSchema
  .extend({ key: z.string().meta({ description: 'The secret: shown in this answer and nowhere else' }) })
  .meta({ id: 'CreatedKey' })

const route = declareRoute(
  { scope: 'keys:write', problems: ['SCOPE_NOT_HELD', 'IDEMPOTENCY_KEY_REUSED'] },
  {
    method: 'post',
    path: '/v1/keys',
    tags: ['keys'],
    operationId: 'createKey',
    summary: 'Create a key',
    description:
      'An emergency key expires 24 h after its making unless told otherwise, and 72 h after at the latest. ' +
      'With an `Idempotency-Key`, the same request within 24 h gives the same answer, secret included.',
    request: {
      headers: z.object({ 'idempotency-key': idempotencyKeySchema.optional() }),
      body: {
        required: true,
        content: json(createKeySchema, { type: 'service', name: 'billing service', scopes: ['invoices:read'] }),
      },
    },
    responses: {
      201: {
        description: 'The key, with its secret',
        headers: z.object({
          location: z.string(),
          'idempotency-replayed': z.literal('true').optional(),
        }),
        content: json(createdKeySchema, { ...exampleKey, key: exampleSecret }),
      },
    },
  },
)

export function addCreateKey(router: Router, services: Services): void {
  router.openapi(route, async (c) => {
    const input = c.req.valid('json')
    const idempotencyKey = c.req.valid('header')['idempotency-key']
    const answer = await doOnce(c, services, { idempotencyKey, input }, async (tx) => {
      const { key, secret } = await createKey(tx, input)
      return { status: 201, body: JSON.stringify({ ...key, key: secret }) }
    })
    const created = createdKeySchema.parse(JSON.parse(answer.body))
    return c.json(created, 201, {
      location: `/v1/keys/${created.id}`,
      ...(answer.replayed && { 'idempotency-replayed': 'true' }),
    })
  })
}
