import { claimSuccessor } from '@momentry/shared/rotation/escrow/claim.ts'
import { deliverySchema } from '@momentry/shared/rotation/escrow/open.ts'
import { callerOf, contextOf } from '../../http/context.ts'
import { declareRoute } from '../../http/declare-route.ts'
import { json } from '../../http/page.ts'
import type { Router } from '../../http/router.ts'
import type { Services } from '../../wiring/services.ts'
import { exampleKey, exampleSecret } from '../examples.ts'

const route = declareRoute(
  { scope: 'self', problems: ['NOT_CLAIMABLE'] },
  {
    method: 'post',
    path: '/v1/keys/self/claim',
    tags: ['rotations'],
    operationId: 'claimSuccessor',
    summary: 'Fetch the successor of the secret that you send',
    description:
      'For holders: send the old secret as `Authorization: Bearer`. It can be repeated until the new secret is first used, ' +
      'so save what you get before you use it. Where the key has a public key, the new secret comes encrypted to it.',
    responses: {
      200: {
        description: 'The new secret',
        content: json(deliverySchema, { key: exampleSecret, keyId: exampleKey.id, secretVersion: 2 }),
      },
    },
  },
)

export function addClaimSuccessor(router: Router, services: Services): void {
  router.openapi(route, async (c) => {
    const { keyId, secretVersion } = callerOf(c)
    const holder = { keyId, version: secretVersion }
    return c.json(await claimSuccessor(contextOf(c, services), services, holder), 200)
  })
}
