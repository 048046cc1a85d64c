import { listKeys } from '@momentry/shared/keys/list.ts'
import { listKeysSchema } from '@momentry/shared/keys/schemas.ts'
import { keyViewSchema } from '@momentry/shared/keys/view.ts'
import { contextOf } from '../../http/context.ts'
import { declareRoute } from '../../http/declare-route.ts'
import { json, pageSchema } from '../../http/page.ts'
import type { Router } from '../../http/router.ts'
import type { Services } from '../../wiring/services.ts'
import { exampleKey } from '../examples.ts'

const route = declareRoute(
  { scope: 'keys:read' },
  {
    method: 'get',
    path: '/v1/keys',
    tags: ['keys'],
    operationId: 'listKeys',
    summary: 'List keys, the newest first unless told otherwise',
    request: { query: listKeysSchema },
    responses: {
      200: {
        description: 'A page of keys',
        content: json(pageSchema(keyViewSchema), {
          data: [exampleKey],
          pagination: { cursor: exampleKey.id, hasMore: true },
        }),
      },
    },
  },
)

export function addListKeys(router: Router, services: Services): void {
  router.openapi(route, async (c) => c.json(await listKeys(contextOf(c, services), c.req.valid('query')), 200))
}
