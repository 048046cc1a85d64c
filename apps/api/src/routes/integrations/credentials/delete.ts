import { z } from '@hono/zod-openapi'
import { deleteCredential, deletedCredentialSchema } from '@momentry/shared/integrations/credentials/delete.ts'
import { oneAccount, oneAccountError } from '@momentry/shared/integrations/credentials/schemas.ts'
import { reasonSchema } from '@momentry/shared/keys/schemas.ts'
import { idSchema } from '@momentry/shared/platform/id.ts'
import { contextOf } from '../../../http/context.ts'
import { declareRoute } from '../../../http/declare-route.ts'
import { json } from '../../../http/page.ts'
import type { Router } from '../../../http/router.ts'
import type { Services } from '../../../wiring/services.ts'
import { exampleCredential } from '../examples.ts'
import { remoteProblems } from '../problems.ts'
import { type CredentialWords, credentialParams, scope, tags } from './words.ts'

/** Deleting one: by an account that is given, and by its own connection. */
export function addDeleteCredential(router: Router, services: Services, words: CredentialWords): void {
  const { system, noun, base, operation, integration } = words
  const { title } = system

  const deleted = {
    200: {
      description: '`outcome` says whether it was still there',
      content: json(deletedCredentialSchema, { ...exampleCredential, state: 'deleted', outcome: 'deleted' }),
    },
  } as const
  const deleteProblems = [
    'CREDENTIAL_NOT_FOUND',
    'CONFLICT',
    'CONNECTION_NEEDED',
    'CONNECTION_NOT_FOUND',
    ...remoteProblems,
  ] as const
  const deleteSchema = z
    .strictObject({
      reason: reasonSchema.optional(),
      connectionId: idSchema.optional(),
      credentials: system.credentialsSchema.optional(),
    })
    .refine(oneAccount, oneAccountError)
    .meta({ id: `Delete${title}${noun}` })
  router.openapi(
    declareRoute(
      { scope, problems: deleteProblems },
      {
        method: 'post',
        path: `${base}/{id}/delete`,
        tags,
        operationId: `${operation('delete')}As`,
        summary: `Delete a ${noun} on ${title}`,
        description:
          'By the account that is given, else by its own connection. One that is gone already is no failure.',
        request: { params: credentialParams, body: { content: { 'application/json': { schema: deleteSchema } } } },
        responses: deleted,
      },
    ),
    async (c) => {
      const deps = { integration: integration(), seal: services.seal }
      const { id } = c.req.valid('param')
      return c.json(await deleteCredential(contextOf(c, services), deps, id, c.req.valid('json')), 200)
    },
  )

  router.openapi(
    declareRoute(
      { scope, problems: deleteProblems },
      {
        method: 'delete',
        path: `${base}/{id}`,
        tags,
        operationId: operation('delete'),
        summary: `Delete a ${noun} on ${title}, by its own connection`,
        request: { params: credentialParams },
        responses: deleted,
      },
    ),
    async (c) => {
      const deps = { integration: integration(), seal: services.seal }
      return c.json(await deleteCredential(contextOf(c, services), deps, c.req.valid('param').id, {}), 200)
    },
  )
}
