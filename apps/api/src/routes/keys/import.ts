import { z } from '@hono/zod-openapi'
import { idempotencyKeySchema } from '@momentry/shared/idempotency/run.ts'
import { importKeys } from '@momentry/shared/keys/imported/import.ts'
import { importedSchema, importKeysSchema } from '@momentry/shared/keys/imported/schemas.ts'
import { declareRoute } from '../../http/declare-route.ts'
import { doOnce } from '../../http/do-once.ts'
import { json } from '../../http/page.ts'
import type { Router } from '../../http/router.ts'
import type { Services } from '../../wiring/services.ts'
import { exampleKey } from '../examples.ts'

const exampleDigest = '9f86d081884c7d659a2feaa0c55ad015a3bf4f1b2b0b822cd15d6c15b0f00a08'

const route = declareRoute(
  { scope: 'keys:write', problems: ['IDEMPOTENCY_KEY_REUSED'] },
  {
    method: 'post',
    path: '/v1/keys/import',
    tags: ['keys'],
    operationId: 'importKeys',
    summary: 'Take in keys that another system issued',
    description:
      'Each comes with the SHA-256 of its secret, by which that goes on validating unchanged. Up to 1,000 a request; one that is refused keeps no other out, and one that is known already stays as it is. Scopes that you do not hold are refused.',
    request: {
      headers: z.object({ 'idempotency-key': idempotencyKeySchema.optional() }),
      body: {
        required: true,
        content: json(importKeysSchema, {
          keys: [
            {
              digest: exampleDigest,
              prefix: 'sk_live_',
              name: 'billing',
              ownerId: 'team-payments',
              scopes: ['invoices:read'],
            },
          ],
        }),
      },
    },
    responses: {
      200: {
        description: 'What became of each',
        headers: z.object({ 'idempotency-replayed': z.literal('true').optional() }),
        content: json(importedSchema, {
          imported: [{ index: 0, id: exampleKey.id }],
          existing: [],
          refused: [{ index: 1, errors: [{ pointer: '/digest', detail: 'comes twice in this request' }] }],
        }),
      },
    },
  },
)

export function addImportKeys(router: Router, services: Services): void {
  router.openapi(route, async (c) => {
    const input = c.req.valid('json')
    const idempotencyKey = c.req.valid('header')['idempotency-key']
    const answer = await doOnce(c, services, { idempotencyKey, input }, async (tx) => ({
      status: 200,
      body: JSON.stringify(await importKeys(tx, input)),
    }))
    return c.json(importedSchema.parse(JSON.parse(answer.body)), 200, {
      ...(answer.replayed && { 'idempotency-replayed': 'true' as const }),
    })
  })
}
