import { z } from '@hono/zod-openapi'
import { MomentryError } from '@momentry/shared/errors.ts'
import { openSession } from '@momentry/shared/sessions/open.ts'
import { contextOf } from '../../http/context.ts'
import { declareRoute, keyProblems } from '../../http/declare-route.ts'
import { json } from '../../http/page.ts'
import type { Router } from '../../http/router.ts'
import { callerBySecret } from '../../middleware/bearer.ts'
import { isSecure, readSessionCookie, setSessionCookie } from '../../middleware/session/cookie.ts'
import { judgeOrigin } from '../../middleware/session/own-page.ts'
import type { Services } from '../../wiring/services.ts'
import { exampleSecret } from '../examples.ts'
import { exampleSignedIn, signedInSchema, viewSignedIn } from './view.ts'

const signInSchema = z
  .strictObject({ key: z.string().min(1).max(512).meta({ description: "The key's secret" }) })
  .meta({ id: 'SignIn' })

const route = declareRoute(
  { scope: 'none', problems: [...keyProblems, 'FORBIDDEN'] },
  {
    method: 'post',
    path: '/v1/session',
    tags: ['sessions'],
    operationId: 'signIn',
    summary: 'Sign in to the console with a key',
    description:
      'The answer sets a cookie that no script can read; the secret itself is kept nowhere. The session may do what the key ' +
      'may, ends 12 hours later, after 2 hours without use, and with the secret. A secret that is wrong counts as a failed ' +
      'attempt of the address.',
    request: { body: { required: true, content: json(signInSchema, { key: exampleSecret }) } },
    responses: {
      200: {
        description: 'The session is open',
        headers: z.object({ 'set-cookie': z.string().meta({ description: 'HttpOnly, SameSite=Strict' }) }),
        content: json(signedInSchema, exampleSignedIn),
      },
    },
  },
)

export function addSignIn(router: Router, services: Services): void {
  const { isTrustedProxy, lockout, now } = services
  router.openapi(route, async (c) => {
    const secure = isSecure(c, isTrustedProxy)
    // Else another site could sign somebody in as somebody else.
    if (judgeOrigin({ method: c.req.method, secure, header: (name) => c.req.header(name) }) === 'other')
      throw new MomentryError('FORBIDDEN', 'only a page of Momentry may sign in')
    lockout.refuseLocked(c.get('address'))
    const secret = c.req.valid('json').key
    const caller = await callerBySecret(c, services, { secret, ignoresLimits: false })
    c.set('caller', { ...caller, session: undefined })
    const session = await openSession(contextOf(c, services), {
      keyId: caller.keyId,
      secretDigest: caller.digest,
      userAgent: c.req.header('user-agent'),
      replaces: readSessionCookie(c, secure),
    })
    setSessionCookie(c, secure, { ...session, now: now() })
    return c.json(viewSignedIn(caller, session.expiresAt), 200)
  })
}
