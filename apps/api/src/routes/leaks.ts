import { z } from '@hono/zod-openapi'
import { hashSecret } from '@momentry/shared/keys/secret.ts'
import { actOnLeak } from '@momentry/shared/leaks/act.ts'
import { findLeaked } from '@momentry/shared/leaks/find.ts'
import { type GithubReport, githubAnswerSchema, githubReportSchema } from '@momentry/shared/leaks/github/report.ts'
import { requireGithub } from '@momentry/shared/leaks/github/verify.ts'
import { systemActor, type Context as VerbContext } from '@momentry/shared/platform/context.ts'
import { declareRoute } from '../http/declare-route.ts'
import { json } from '../http/page.ts'
import { createRouter, type Router } from '../http/router.ts'
import type { Services } from '../wiring/services.ts'
import { exampleSecret } from './examples.ts'

const route = declareRoute(
  { scope: 'none', problems: ['SIGNATURE_INVALID', 'REMOTE_UNREACHABLE', 'REMOTE_FAILED', 'DATABASE_UNAVAILABLE'] },
  {
    method: 'post',
    path: '/v1/leaks/github',
    tags: ['leaks'],
    operationId: 'reportGithubLeaks',
    summary: "Take a report of GitHub's secret scanning",
    description:
      "GitHub's partner protocol: the body is signed with one of GitHub's keys. What is one of our secrets is acted on by its key's `policy.onLeak`: a forced rotation unless told otherwise.",
    request: {
      headers: z.object({
        'github-public-key-identifier': z.string().min(1).max(200),
        'github-public-key-signature': z
          .string()
          .min(1)
          .max(500)
          .meta({ description: 'ECDSA P-256 over the body as it is' }),
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
  router.openapi(route, async (c) => {
    const headers = c.req.valid('header')
    await requireGithub(githubKeys, {
      body: Buffer.from(await c.req.arrayBuffer()),
      keyIdentifier: headers['github-public-key-identifier'],
      signature: headers['github-public-key-signature'],
    })
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
