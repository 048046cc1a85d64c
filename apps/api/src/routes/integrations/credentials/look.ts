import { getCredential, listCredentials } from '@momentry/shared/integrations/credentials/find.ts'
import { listCredentialsSchema } from '@momentry/shared/integrations/credentials/schemas.ts'
import { credentialSchema } from '@momentry/shared/integrations/credentials/view.ts'
import { contextOf } from '../../../http/context.ts'
import { declareRoute } from '../../../http/declare-route.ts'
import { json, pageSchema } from '../../../http/page.ts'
import type { Router } from '../../../http/router.ts'
import type { Services } from '../../../wiring/services.ts'
import { exampleCredential } from '../examples.ts'
import { type CredentialWords, credentialParams, scope, tags } from './words.ts'

const one = (description: string) => ({ description, content: json(credentialSchema, exampleCredential) })

/** What is tracked: a list, and one of it. */
export function addReadCredentials(router: Router, services: Services, words: CredentialWords): void {
  const { system, noun, base, operation } = words
  const { name, title, collection } = system

  router.openapi(
    declareRoute(
      { scope },
      {
        method: 'get',
        path: base,
        tags,
        operationId: `${operation('list')}s`,
        summary: `List the ${collection} that are tracked, the newest first`,
        description: `Nothing is asked of ${title}; POST ${base}/reconcile compares.`,
        request: { query: listCredentialsSchema },
        responses: {
          200: {
            description: 'A page',
            content: json(pageSchema(credentialSchema), {
              data: [exampleCredential],
              pagination: { cursor: null, hasMore: false },
            }),
          },
        },
      },
    ),
    async (c) => c.json(await listCredentials(contextOf(c, services), name, c.req.valid('query')), 200),
  )

  router.openapi(
    declareRoute(
      { scope, problems: ['CREDENTIAL_NOT_FOUND'] },
      {
        method: 'get',
        path: `${base}/{id}`,
        tags,
        operationId: operation('get'),
        summary: `Read a tracked ${noun}`,
        request: { params: credentialParams },
        responses: { 200: one(`The ${noun}`) },
      },
    ),
    async (c) => c.json(await getCredential(contextOf(c, services), name, c.req.valid('param').id), 200),
  )
}
