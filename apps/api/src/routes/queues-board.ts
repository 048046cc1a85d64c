import { appendAudit } from '@momentry/shared/audit/append.ts'
import { MomentryError } from '@momentry/shared/errors.ts'
import { withTransaction } from '@momentry/shared/platform/context.ts'
import { holdsScope } from '@momentry/shared/scopes/scope.ts'
import type { Context } from 'hono'
import { pagePolicy } from '../console/page-policy.ts'
import { contextOf } from '../http/context.ts'
import type { ApiEnv, Caller } from '../http/env.ts'
import { createRouter, type Router } from '../http/router.ts'
import { isUnsafe } from '../middleware/session/own-page.ts'
import type { Services } from '../wiring/services.ts'

const base = '/console/queues/'

/**
 * bull-board, the queues as BullMQ has them: for who holds `jobs:read`, by a session or a secret. What changes something
 * takes `jobs:write`, must come from a page of ours, and is written down first.
 */
export function createQueuesBoardRoutes(services: Services): Router {
  const router = createRouter()
  // Its pages have a `base`. A font from elsewhere is not loaded.
  router.use(`${base}*`, pagePolicy({ baseUri: "'self'" }))
  router.get('/console/queues', (c) => c.redirect(base, 301))
  router.all(`${base}*`, async (c) => {
    const caller = await callerFor(c)
    if (!caller) return c.redirect('/console/', 303)
    c.set('caller', caller)
    requireScope(caller, 'jobs:read')
    if (isUnsafe(c.req.method)) requireScope(caller, 'jobs:write')
    const answer = await services.boards.answer(withoutSlash(c.req.raw), {
      mayWrite: holdsScope(caller.scopes, 'jobs:write'),
      beforeChange: (after) =>
        withTransaction(contextOf(c, services), (tx) => appendAudit(tx, { action: 'queue.changed', after })),
    })
    return answer.headers.get('content-type')?.startsWith('text/html') ? withoutForeign(c, answer) : answer
  })
  return router
}

/**
 * Who looks. Files of the board's pages, a dozen at a time, spend nothing of a key's limits.
 * @returns undefined for a browser that opens the board and is not signed in
 * @throws MomentryError, as `authenticate` does
 */
async function callerFor(c: Context<ApiEnv>): Promise<Caller | undefined> {
  const isPage = c.req.method === 'GET' && (c.req.header('accept') ?? '').includes('text/html')
  try {
    const ignoresLimits = c.req.path.startsWith(`${base}static/`)
    const caller = await c.var.authenticate({ ignoresLimits, sendsNoHeader: true })
    if (caller || isPage) return caller
    throw new MomentryError('UNAUTHENTICATED', 'sign in to the console, or send a key as Authorization: Bearer')
  } catch (error) {
    if (isPage && error instanceof MomentryError && error.code === 'UNAUTHENTICATED') return undefined
    throw error
  }
}

function requireScope({ scopes }: Caller, scope: string): void {
  if (!holdsScope(scopes, scope)) throw new MomentryError('FORBIDDEN', `the key needs the scope ${scope}`)
}

/** The board's own router knows its first page without the slash that its links are relative to. */
function withoutSlash(request: Request): Request {
  const url = new URL(request.url)
  if (url.pathname !== base) return request
  url.pathname = base.slice(0, -1)
  return new Request(url, request)
}

/** Takes out of a page what it would load from elsewhere, which the policy refuses anyway. */
async function withoutForeign(c: Context<ApiEnv>, page: Response): Promise<Response> {
  const text = await page.text()
  return c.html(text.replace(/<link[^>]+href="https?:[^>]*>/g, ''), 200, { 'cache-control': 'no-store' })
}
