import { z } from '@hono/zod-openapi'
import { MomentryError } from '@momentry/shared/errors.ts'
import { hashSecret } from '@momentry/shared/keys/secret.ts'
import { actOnLeak } from '@momentry/shared/leaks/act.ts'
import { findLeaked } from '@momentry/shared/leaks/find.ts'
import type { GithubKeys } from '@momentry/shared/leaks/github/public-keys.ts'
import { type GithubReport, githubAnswerSchema, githubReportSchema } from '@momentry/shared/leaks/github/report.ts'
import { requireGithub } from '@momentry/shared/leaks/github/verify.ts'
import { systemActor, type Context as VerbContext } from '@momentry/shared/platform/context.ts'
import type { MiddlewareHandler } from 'hono'
import { declareRoute } from '../http/declare-route.ts'
import type { ApiEnv } from '../http/env.ts'
import { json } from '../http/page.ts'
import { createRouter, type Router } from '../http/router.ts'
import type { Services } from '../wiring/services.ts'
import { exampleSecret } from './examples.ts'

const path = '/v1/leaks/github'
const keyHeader = 'github-public-key-identifier'
const signatureHeader = 'github-public-key-signature'

const route = declareRoute(
  { scope: 'none', problems: ['SIGNATURE_INVALID', 'REMOTE_UNREACHABLE', 'DATABASE_UNAVAILABLE'] },
  {
    method: 'post',
    path,
    tags: ['leaks'],
    operationId: 'reportGithubLeaks',
    summary: "Take a report of GitHub's secret scanning",
    description:
      "GitHub's partner protocol: the body is signed with one of GitHub's keys. What is one of our secrets is acted on by its key's `policy.onLeak`: a forced rotation unless told otherwise.",
    request: {
      headers: z.object({
        [keyHeader]: z.string(),
        [signatureHeader]: z.string().meta({ description: 'ECDSA P-256 over the body as it is; DER, in base64' }),
      }),
      body: {
        required: true,
        content: json(githubReportSchema, [
          {
            token: exampleSecret,
            type: 'momentry_api_key',
            url: 'https://github.com/octo/shop/blob/main/.env',
            source: 'content',
          },
        ]),
      },
    },
    responses: {
      200: {
        description: 'Which of them are ours',
        content: json(githubAnswerSchema, [
          { token_raw: exampleSecret, token_type: 'momentry_api_key', label: 'true_positive' },
        ]),
      },
    },
  },
)

/** Reports that a secret is where everybody can read it. */
export function createLeakRoutes(services: Services): Router {
  const { githubKeys, postgres, announce, tell, now, publishChanges, signer } = services
  const router = createRouter()
  router.on('POST', path, demandSignature(githubKeys))
  router.openapi(route, async (c) => {
    const report = c.req.valid('json')
    const context: VerbContext = {
      db: postgres.db,
      actor: { ...systemActor, address: c.get('address') },
      requestId: c.get('requestId'),
      ...{ now, publishChanges, signer },
    }
    return c.json(await take(context, report), 200)
  })

  const take = async (context: VerbContext, report: GithubReport) => {
    const found = await findLeaked(
      postgres.db,
      report.map(({ token }) => hashSecret(token)),
    )
    const leaked = ({ token }: GithubReport[number]) => found.get(hashSecret(token).toString('hex'))
    for (const each of report) {
      const secret = leaked(each)
      if (secret) await actOnLeak(context, { announce, tell }, { ...secret, source: 'github', url: each.url ?? null })
    }
    return report.map((each) => ({
      token_raw: each.token,
      token_type: each.type,
      label: leaked(each) ? ('true_positive' as const) : ('false_positive' as const),
    }))
  }
  return router
}

/** Nothing of a body is so much as parsed before it is proved whose it is. */
function demandSignature(keys: GithubKeys): MiddlewareHandler<ApiEnv> {
  return async (c, next) => {
    const bytes = await c.req.arrayBuffer().catch(() => {
      throw new MomentryError('MALFORMED_JSON', 'the body cannot be read to its end')
    })
    const [keyIdentifier, signature] = [c.req.header(keyHeader), c.req.header(signatureHeader)]
    await requireGithub(keys, { body: Buffer.from(bytes), keyIdentifier, signature })
    await next()
  }
}
