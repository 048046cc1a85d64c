import { MomentryError } from '@momentry/shared/errors.ts'
import { listSessions, sessionViewSchema } from '@momentry/shared/sessions/list.ts'
import { callerOf, contextOf } from '../../http/context.ts'
import { declareRoute } from '../../http/declare-route.ts'
import { json, pageSchema } from '../../http/page.ts'
import type { Router } from '../../http/router.ts'
import type { Services } from '../../wiring/services.ts'
import { exampleSignedIn, signedInSchema, viewSignedIn } from './view.ts'

const oneRoute = declareRoute(
  { scope: 'self', problems: ['SESSION_NOT_FOUND'] },
  {
    method: 'get',
    path: '/v1/session',
    tags: ['sessions'],
    operationId: 'getSession',
    summary: 'Who is signed in, and until when',
    responses: { 200: { description: 'The key behind the session', content: json(signedInSchema, exampleSignedIn) } },
  },
)

const listRoute = declareRoute(
  { scope: 'self' },
  {
    method: 'get',
    path: '/v1/sessions',
    tags: ['sessions'],
    operationId: 'listSessions',
    summary: 'List the sessions of the own key',
    description: 'The newest first; a key has at most 20.',
    responses: {
      200: {
        description: 'All of them',
        content: json(pageSchema(sessionViewSchema), {
          data: [
            {
              id: '019a2b3c-7777-7000-8000-000000000007',
              address: '203.0.113.7',
              userAgent: 'Mozilla/5.0',
              createdAt: '2026-01-05T09:30:00.000Z',
              lastSeenAt: '2026-01-05T09:41:00.000Z',
              expiresAt: '2026-01-05T21:30:00.000Z',
              current: true,
            },
          ],
          pagination: { cursor: null, hasMore: false },
        }),
      },
    },
  },
)

export function addLookAtSession(router: Router, services: Services): void {
  router.openapi(oneRoute, (c) => {
    const caller = callerOf(c)
    if (!caller.session) throw new MomentryError('SESSION_NOT_FOUND', 'the request came by no session')
    return c.json(viewSignedIn(caller, caller.session.expiresAt), 200)
  })
  router.openapi(listRoute, async (c) => {
    const { keyId, session } = callerOf(c)
    const data = await listSessions(contextOf(c, services), { keyId, currentId: session?.id })
    return c.json({ data, pagination: { cursor: null, hasMore: false } }, 200)
  })
}
