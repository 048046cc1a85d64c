import type { MiddlewareHandler } from 'hono'
import type { ApiEnv } from '../http/env.ts'
import { callerByBearer } from './bearer.ts'
import { callerBySession, type SessionDeps } from './session/caller.ts'

/**
 * Gives handlers the check of who asks: by the bearer secret, and where none was sent by the session of the cookie. A
 * header that is wrong is refused, whatever the cookie says.
 */
export function authenticate(deps: SessionDeps): MiddlewareHandler<ApiEnv> {
  return async (c, next) => {
    c.set('authenticate', (options = {}) =>
      c.req.header('authorization') === undefined
        ? callerBySession(c, deps, options)
        : callerByBearer(c, deps, options),
    )
    await next()
  }
}
