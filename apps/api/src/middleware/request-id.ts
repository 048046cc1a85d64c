import { holdsSecret } from '@momentry/shared/platform/hide-secrets.ts'
import { createId } from '@momentry/shared/platform/id.ts'
import type { MiddlewareHandler } from 'hono'
import type { ApiEnv } from '../http/env.ts'

/** Names each request by the caller's `x-request-id`, where that is fit to be logged, and tells the name in the answer. */
export function requestId(): MiddlewareHandler<ApiEnv> {
  return async (c, next) => {
    const given = c.req.header('x-request-id')
    const fit = given !== undefined && /^[A-Za-z0-9._-]{1,128}$/.test(given) && !holdsSecret(given)
    const id = fit ? given : createId()
    c.set('requestId', id)
    await next()
    c.header('x-request-id', id)
  }
}
