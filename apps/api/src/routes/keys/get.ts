import { z } from '@hono/zod-openapi'
import { getKey } from '@momentry/shared/keys/get.ts'
import { keyViewSchema } from '@momentry/shared/keys/view.ts'
import { idSchema } from '@momentry/shared/platform/id.ts'
import { contextOf } from '../../http/context.ts'
import { declareRoute } from '../../http/declare-route.ts'
import { json } from '../../http/page.ts'
import type { Router } from '../../http/router.ts'
import type { Services } from '../../wiring/services.ts'
import { exampleKey } from '../examples.ts'

export const keyParams = z.strictObject({ id: idSchema.meta({ description: "The key's id" }) })

const route = declareRoute(
  { scope: 'keys:read', problems: ['KEY_NOT_FOUND'] },
  {
    method: 'get',
    path: '/v1/keys/{id}',
    tags: ['keys'],
    operationId: 'getKey',
    summary: 'Read a key',
    request: { params: keyParams },
    responses: { 200: { description: 'The key', content: json(keyViewSchema, exampleKey) } },
  },
)

export function addGetKey(router: Router, services: Services): void {
  router.openapi(route, async (c) => c.json(await getKey(contextOf(c, services), c.req.valid('param').id), 200))
}
