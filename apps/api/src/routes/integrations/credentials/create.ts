import { z } from '@hono/zod-openapi'
import { idempotencyKeySchema } from '@momentry/shared/idempotency/run.ts'
import { createCredential } from '@momentry/shared/integrations/credentials/create/create.ts'
import { credentialSchema } from '@momentry/shared/integrations/credentials/view.ts'
import { contextOf } from '../../../http/context.ts'
import { declareRoute } from '../../../http/declare-route.ts'
import { doOnceElsewhere } from '../../../http/do-once.ts'
import { json } from '../../../http/page.ts'
import type { Router } from '../../../http/router.ts'
import type { Services } from '../../../wiring/services.ts'
import { exampleCredential, exampleValue } from '../examples.ts'
import { remoteProblems } from '../problems.ts'
import { type CredentialWords, createdHeaders, scope, tags } from './words.ts'

const createdSchema = credentialSchema
  .extend({ key: z.string().meta({ description: 'Its value: shown in this answer and nowhere else' }) })
  .meta({ id: 'CreatedCredential' })
const idempotent = z.object({ 'idempotency-key': idempotencyKeySchema.optional() })

/** Making one. */
export function addCreateCredential(router: Router, services: Services, words: CredentialWords): void {
  const { system, noun, base, operation, integration } = words
  const { title } = system

  router.openapi(
    declareRoute(
      {
        scope,
        problems: [
          'CONFLICT',
          'CONNECTION_NEEDED',
          'CONNECTION_NOT_FOUND',
          'IDEMPOTENCY_KEY_REUSED',
          ...remoteProblems,
        ],
      },
      {
        method: 'post',
        path: base,
        tags,
        operationId: operation('create'),
        summary: `Make a ${noun} on ${title}, and track it`,
        description:
          'By a stored connection, or by credentials that are used this once and not kept. Scopes are checked before anything is sent. One whose answer got lost is found by its name, and removed.',
        request: {
          headers: idempotent,
          body: { required: true, content: { 'application/json': { schema: system.createSchema } } },
        },
        responses: {
          201: {
            description: `The ${noun}, with its value`,
            headers: createdHeaders,
            content: json(createdSchema, { ...exampleCredential, key: exampleValue }),
          },
        },
      },
    ),
    async (c) => {
      const input = c.req.valid('json')
      const idempotencyKey = c.req.valid('header')['idempotency-key']
      const deps = { integration: integration(), seal: services.seal }
      // A fingerprint of the request is kept; a password is better guessed by nobody who has that.
      const { credentials: _, ...kept } = input
      const answer = await doOnceElsewhere(c, services, { idempotencyKey, input: kept }, async (keep) => {
        const asAnswer = ({ credential, secret }: Awaited<ReturnType<typeof createCredential>>) => ({
          status: 201,
          body: JSON.stringify({ ...credential, key: secret }),
        })
        return asAnswer(
          await createCredential(contextOf(c, services), deps, input, (tx, created) => keep(tx, asAnswer(created))),
        )
      })
      const created = createdSchema.parse(JSON.parse(answer.body))
      return c.json(created, 201, {
        location: `${base}/${created.id}`,
        ...(answer.replayed && { 'idempotency-replayed': 'true' }),
      })
    },
  )
}
