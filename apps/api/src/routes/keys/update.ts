import { updateKeySchema } from '@momentry/shared/keys/schemas.ts'
import { updateKey } from '@momentry/shared/keys/update.ts'
import { keyViewSchema } from '@momentry/shared/keys/view.ts'
import { contextOf } from '../../http/context.ts'
import { declareRoute } from '../../http/declare-route.ts'
import { json } from '../../http/page.ts'
import type { Router } from '../../http/router.ts'
import type { Services } from '../../wiring/services.ts'
import { exampleKey } from '../examples.ts'
import { keyParams } from './get.ts'

const route = declareRoute(
  { scope: 'keys:write', problems: ['KEY_NOT_FOUND', 'KEY_REVOKED', 'SCOPE_NOT_HELD'] },
  {
    method: 'patch',
    path: '/v1/keys/{id}',
    tags: ['keys'],
    operationId: 'updateKey',
    summary: 'Change a key',
    description:
      '`metadata` and `policy` are replaced as a whole. Enabling a key, or giving it a longer life, takes all of its scopes.',
    request: { params: keyParams, body: { required: true, content: json(updateKeySchema, { enabled: false }) } },
    responses: {
      200: {
        description: 'The key as it is now',
        content: json(keyViewSchema, { ...exampleKey, enabled: false, status: 'disabled' }),
      },
    },
  },
)

export function addUpdateKey(router: Router, services: Services): void {
  router.openapi(route, async (c) => {
    const key = await updateKey(contextOf(c, services), c.req.valid('param').id, c.req.valid('json'))
    return c.json(key, 200)
  })
}
