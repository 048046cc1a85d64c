import { z } from '@hono/zod-openapi'
import { idempotencyKeySchema } from '@momentry/shared/idempotency/run.ts'
import { rotateCredentialSchema } from '@momentry/shared/integrations/credentials/schemas.ts'
import { requestRotation } from '@momentry/shared/integrations/rotation/request.ts'
import { declareRoute } from '../../../http/declare-route.ts'
import { doOnce } from '../../../http/do-once.ts'
import { json } from '../../../http/page.ts'
import type { Router } from '../../../http/router.ts'
import type { Services } from '../../../wiring/services.ts'
import { exampleCredentialRotation } from '../examples.ts'
import { type CredentialWords, createdHeaders, credentialParams, scope, tags } from './words.ts'

const queuedSchema = z
  .object({ rotationId: z.uuid(), status: z.literal('queued') })
  .meta({ id: 'CredentialRotationQueued' })
const idempotent = z.object({ 'idempotency-key': idempotencyKeySchema.optional() })

/** Queueing a rotation. */
export function addRotateCredential(router: Router, services: Services, words: CredentialWords): void {
  const { noun, base, operation, integration } = words

  router.openapi(
    declareRoute(
      {
        scope,
        problems: [
          'CREDENTIAL_NOT_FOUND',
          'CONFLICT',
          'CONNECTION_NEEDED',
          'ROTATION_IN_PROGRESS',
          'IDEMPOTENCY_KEY_REUSED',
          'INTEGRATION_NOT_CONFIGURED',
        ],
      },
      {
        method: 'post',
        path: `${base}/{id}/rotate`,
        tags,
        operationId: operation('rotate'),
        summary: `Queue a rotation of a ${noun}`,
        description:
          'A new one is made there, handed over as the policy says, verified, and the old one is deleted after a grace. A request like one that is under way gives that one. `forced` deletes the old one as soon as there is a new one.',
        request: {
          params: credentialParams,
          headers: idempotent,
          body: { content: json(rotateCredentialSchema, { reason: 'yearly renewal', graceSeconds: 7200 }) },
        },
        responses: {
          202: {
            description: 'Queued',
            headers: createdHeaders,
            content: json(queuedSchema, { rotationId: exampleCredentialRotation.id, status: 'queued' }),
          },
        },
      },
    ),
    async (c) => {
      const { forced = false, reason, graceSeconds } = c.req.valid('json')
      const { id } = c.req.valid('param')
      const idempotencyKey = c.req.valid('header')['idempotency-key']
      const deps = { integration: integration(), announce: services.announce }
      const answer = await doOnce(c, services, { idempotencyKey, input: c.req.valid('json') }, async (tx) => {
        const request = { kind: forced ? 'forced' : 'manual', reason, graceSeconds } as const
        const { rotationId } = await requestRotation(tx, deps, id, request)
        return { status: 202, body: JSON.stringify({ rotationId, status: 'queued' }) }
      })
      const queued = queuedSchema.parse(JSON.parse(answer.body))
      return c.json(queued, 202, {
        location: `/v1/integrations/rotations/${queued.rotationId}`,
        ...(answer.replayed && { 'idempotency-replayed': 'true' }),
      })
    },
  )
}
