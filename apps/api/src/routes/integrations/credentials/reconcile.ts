import { reconcile, reconciliationSchema } from '@momentry/shared/integrations/credentials/reconcile/reconcile.ts'
import { contextOf } from '../../../http/context.ts'
import { declareRoute } from '../../../http/declare-route.ts'
import { json } from '../../../http/page.ts'
import type { Router } from '../../../http/router.ts'
import type { Services } from '../../../wiring/services.ts'
import { exampleCredential, exampleRemote } from '../examples.ts'
import { remoteProblems } from '../problems.ts'
import { type CredentialWords, scope, tags } from './words.ts'

/** Comparing what is tracked with what is there. */
export function addReconcileCredentials(router: Router, services: Services, words: CredentialWords): void {
  const { system, base, operation, integration } = words
  const { title } = system

  router.openapi(
    declareRoute(
      { scope, problems: ['CONFLICT', 'CONNECTION_NEEDED', 'CONNECTION_NOT_FOUND', ...remoteProblems] },
      {
        method: 'post',
        path: `${base}/reconcile`,
        tags,
        operationId: `${operation('reconcile')}s`,
        summary: `Compare what is tracked with what is on ${title}`,
        description: `Notes what is gone there, removes what lost creations left, shows what is unknown, and takes it in where \`adopt\` says so.`,
        request: { body: { required: true, content: { 'application/json': { schema: system.reconcileSchema } } } },
        responses: {
          200: {
            description: 'What is tracked and there, and how the two differ',
            content: json(reconciliationSchema, {
              owner: exampleCredential.owner,
              data: [exampleCredential],
              gone: [],
              unknown: [exampleRemote],
              adopted: [],
              removed: [],
            }),
          },
        },
      },
    ),
    async (c) => {
      const deps = { integration: integration(), seal: services.seal }
      return c.json(await reconcile(contextOf(c, services), deps, c.req.valid('json')), 200)
    },
  )
}
