import { updateCredentialSchema } from '@momentry/shared/integrations/credentials/schemas.ts'
import { updateCredential } from '@momentry/shared/integrations/credentials/update.ts'
import { credentialSchema } from '@momentry/shared/integrations/credentials/view.ts'
import { contextOf } from '../../../http/context.ts'
import { declareRoute } from '../../../http/declare-route.ts'
import { json } from '../../../http/page.ts'
import type { Router } from '../../../http/router.ts'
import type { Services } from '../../../wiring/services.ts'
import { exampleCredential } from '../examples.ts'
import { type CredentialWords, credentialParams, scope, tags } from './words.ts'

const one = (description: string) => ({ description, content: json(credentialSchema, exampleCredential) })

/** Changing how one is looked after. */
export function addUpdateCredential(router: Router, services: Services, words: CredentialWords): void {
  const { system, noun, base, operation, integration } = words
  const { title } = system

  router.openapi(
    declareRoute(
      { scope, problems: ['CREDENTIAL_NOT_FOUND', 'CONNECTION_NOT_FOUND', 'CONFLICT', 'INTEGRATION_NOT_CONFIGURED'] },
      {
        method: 'patch',
        path: `${base}/{id}`,
        tags,
        operationId: operation('update'),
        summary: `Change how a ${noun} is looked after`,
        description: `\`policy\` is replaced as a whole. Nothing is sent to ${title}.`,
        request: {
          params: credentialParams,
          body: {
            required: true,
            content: json(updateCredentialSchema, { policy: { intervalSeconds: 2_592_000, graceSeconds: 7200 } }),
          },
        },
        responses: { 200: one(`The ${noun} as it is now`) },
      },
    ),
    async (c) => {
      const { id } = c.req.valid('param')
      const deps = { integration: integration() }
      return c.json(await updateCredential(contextOf(c, services), deps, id, c.req.valid('json')), 200)
    },
  )
}
