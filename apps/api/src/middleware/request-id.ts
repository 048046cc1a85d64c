import type { MiddlewareHandler } from 'hono'
import type { ApiEnv } from '../http/env.ts'
import { nameRequest } from '../http/name-request.ts'

/** Names each request, and tells the name in the answer. */
export function requestId(): MiddlewareHandler<ApiEnv> {
  return async (c, next) => {
    const id = nameRequest(c.req.header('x-request-id'))
    c.set('requestId', id)
    await next()
    c.header('x-request-id', id)
  }
}
