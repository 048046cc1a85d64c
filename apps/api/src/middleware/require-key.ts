import { MomentryError } from '@momentry/shared/errors.ts'
import { holdsScope } from '@momentry/shared/scopes/scope.ts'
import type { MiddlewareHandler } from 'hono'
import type { ApiEnv } from '../http/env.ts'

/**
 * Lets through who sent a valid key that holds a scope. @throws MomentryError `UNAUTHENTICATED`, `FORBIDDEN`
 * @param scope undefined: any valid key may pass, also one that is over its limits: what is about itself it needs to go on
 */
export function requireKey(scope: string | undefined): MiddlewareHandler<ApiEnv> {
  return async (c, next) => {
    const caller = await c.var.authenticate({ ignoresLimits: scope === undefined })
    if (!caller) throw new MomentryError('UNAUTHENTICATED', 'send a key as Authorization: Bearer')
    if (scope !== undefined && !holdsScope(caller.scopes, scope))
      throw new MomentryError('FORBIDDEN', `the key needs the scope ${scope}`)
    c.set('caller', caller)
    await next()
  }
}
