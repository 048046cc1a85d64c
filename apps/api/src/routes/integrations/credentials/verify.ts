import { verifyCredentialSchema } from '@momentry/shared/integrations/credentials/schemas.ts'
import { verificationSchema, verifyCredential } from '@momentry/shared/integrations/credentials/verify.ts'
import { contextOf } from '../../../http/context.ts'
import { declareRoute } from '../../../http/declare-route.ts'
import { json } from '../../../http/page.ts'
import type { Router } from '../../../http/router.ts'
import type { Services } from '../../../wiring/services.ts'
import { exampleCredential, exampleValue } from '../examples.ts'
import { type CredentialWords, scope, tags } from './words.ts'

/** Asking the system about one. */
export function addVerifyCredential(router: Router, services: Services, words: CredentialWords): void {
  const { system, noun, base, operation, integration } = words
  const { title } = system

  router.openapi(
    declareRoute(
      { scope, problems: ['INTEGRATION_NOT_CONFIGURED'] },
      {
        method: 'post',
        path: `${base}/verify`,
        tags,
        operationId: operation('verify'),
        summary: `Ask ${title} about a ${noun}, by its value`,
        request: {
          body: { required: true, content: json(verifyCredentialSchema, { key: exampleValue }) },
        },
        responses: {
          200: {
            description: `What ${title} says`,
            content: json(verificationSchema, {
              outcome: 'valid',
              detail: `${title} takes it`,
              tracked: exampleCredential,
              name: exampleCredential.name,
              owner: exampleCredential.owner,
              scopes: exampleCredential.scopes,
              expiresAt: null,
            }),
          },
        },
      },
    ),
    async (c) =>
      c.json(
        await verifyCredential(contextOf(c, services), { integration: integration() }, c.req.valid('json').key),
        200,
      ),
  )
}
