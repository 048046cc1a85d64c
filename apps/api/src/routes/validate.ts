import { z } from '@hono/zod-openapi'
import { validateKeySchema } from '@momentry/shared/keys/schemas.ts'
import { answerVerdict, validationSchema } from '@momentry/shared/keys/validation/answer.ts'
import { holdsScope } from '@momentry/shared/scopes/scope.ts'
import { limitHeaderShape } from '../http/answers/limit-headers.ts'
import { verdictHeaders } from '../http/answers/verdict-headers.ts'
import { declareRoute, keyProblems } from '../http/declare-route.ts'
import { json } from '../http/page.ts'
import { createRouter, type Router } from '../http/router.ts'
import { checkKey } from '../validation/check-key.ts'
import type { Services } from '../wiring/services.ts'
import { exampleKey, exampleSecret } from './examples.ts'

const route = declareRoute(
  { scope: 'none', problems: keyProblems },
  {
    method: 'post',
    path: '/v1/keys/validate',
    tags: ['keys'],
    operationId: 'validateKey',
    summary: 'Check a secret',
    description:
      'Answers 200 whether the secret is good or not: `valid` and `code` tell. Anyone may ask; malformed and unknown ' +
      'secrets count as failed attempts of the address that asks. A caller whose own key holds `keys:validate` passes ' +
      '`clientIp`, and that address is counted instead, and stands in the usage. Of other callers `clientIp` is not believed. ' +
      'The answer and its headers tell what the key that is asked about has left of its limits; the limits of the key that ' +
      'asks are its own, and a refusal by those is a problem (429).',
    request: {
      body: {
        required: true,
        content: json(validateKeySchema, { key: exampleSecret, clientIp: '203.0.113.7', scopes: ['invoices:read'] }),
      },
    },
    responses: {
      200: {
        description: 'The verdict; on a superseded secret with the headers `Deprecation` and `Sunset`',
        headers: z.object({
          deprecation: z.string().optional().meta({ description: 'Since when it is superseded (RFC 9745)' }),
          sunset: z.string().optional().meta({ description: 'Until when it validates (RFC 8594)' }),
          ...limitHeaderShape,
        }),
        content: json(validationSchema, {
          valid: true,
          code: 'VALID',
          keyId: exampleKey.id,
          type: exampleKey.type,
          name: exampleKey.name,
          ownerId: exampleKey.ownerId,
          scopes: exampleKey.scopes,
          metadata: exampleKey.metadata,
          expiresAt: null,
          secretVersion: 1,
          limits: [{ name: 'burst', limit: 100, remaining: 99, resetSeconds: 60, windowSeconds: 60 }],
        }),
      },
    },
  },
)

/** The check that services make on every request that they receive (DESIGN.md section 5). */
export function createValidateRoutes(services: Services): Router {
  const router = createRouter()
  router.openapi(route, async (c) => {
    const question = c.req.valid('json')
    const caller = await c.var.authenticate()
    const trusted = caller !== undefined && holdsScope(caller.scopes, 'keys:validate')
    const verdict = await checkKey(services, { question, trusted, address: c.get('address') })
    // Here they are about the secret that was asked about, and never about the caller's own.
    for (const name of ['deprecation', 'sunset', 'ratelimit', 'ratelimit-policy']) c.header(name, undefined)
    return c.json(answerVerdict(verdict), 200, verdictHeaders(verdict))
  })
  return router
}
