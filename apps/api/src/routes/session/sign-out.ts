import { z } from '@hono/zod-openapi'
import { MomentryError } from '@momentry/shared/errors.ts'
import { idSchema } from '@momentry/shared/platform/id.ts'
import { endSession, endSessions } from '@momentry/shared/sessions/end.ts'
import { callerOf, contextOf } from '../../http/context.ts'
import { declareRoute } from '../../http/declare-route.ts'
import { json } from '../../http/page.ts'
import type { Router } from '../../http/router.ts'
import { clearSessionCookie, isSecure } from '../../middleware/session/cookie.ts'
import type { Services } from '../../wiring/services.ts'

const hereRoute = declareRoute(
  { scope: 'self', problems: ['SESSION_NOT_FOUND'] },
  {
    method: 'delete',
    path: '/v1/session',
    tags: ['sessions'],
    operationId: 'signOut',
    summary: 'Sign out',
    responses: { 204: { description: 'The session is over, in every process' } },
  },
)

const oneRoute = declareRoute(
  { scope: 'self', problems: ['SESSION_NOT_FOUND'] },
  {
    method: 'delete',
    path: '/v1/sessions/{id}',
    tags: ['sessions'],
    operationId: 'endSession',
    summary: 'End one session of the own key',
    request: { params: z.object({ id: idSchema }) },
    responses: { 204: { description: 'It is over, in every process' } },
  },
)

const everywhereRoute = declareRoute(
  { scope: 'self' },
  {
    method: 'delete',
    path: '/v1/sessions',
    tags: ['sessions'],
    operationId: 'signOutEverywhere',
    summary: 'Sign out everywhere',
    description: 'Ends every session of the own key, also the one that asks. The key itself stays good.',
    responses: {
      200: {
        description: 'They are over, in every process',
        content: json(z.object({ ended: z.int() }).meta({ id: 'EndedSessions' }), { ended: 2 }),
      },
    },
  },
)

export function addSignOut(router: Router, services: Services): void {
  const { isTrustedProxy } = services
  router.openapi(hereRoute, async (c) => {
    const { keyId, session } = callerOf(c)
    if (!session) throw new MomentryError('SESSION_NOT_FOUND', 'the request came by no session')
    await endSession(contextOf(c, services), { keyId, id: session.id })
    clearSessionCookie(c, isSecure(c, isTrustedProxy))
    return c.body(null, 204)
  })
  router.openapi(oneRoute, async (c) => {
    const { keyId, session } = callerOf(c)
    const { id } = c.req.valid('param')
    await endSession(contextOf(c, services), { keyId, id })
    if (session?.id === id) clearSessionCookie(c, isSecure(c, isTrustedProxy))
    return c.body(null, 204)
  })
  router.openapi(everywhereRoute, async (c) => {
    const { keyId, session } = callerOf(c)
    const ended = await endSessions(contextOf(c, services), keyId)
    if (session) clearSessionCookie(c, isSecure(c, isTrustedProxy))
    return c.json({ ended }, 200)
  })
}
