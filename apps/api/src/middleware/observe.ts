import type { MiddlewareHandler } from 'hono'
import type { ApiEnv } from '../http/env.ts'
import { routeOf } from '../http/route-of.ts'
import type { TellRequest } from '../http/tell-request.ts'

/** Logs and measures each request that comes to the app. */
export function observe(tellRequest: TellRequest): MiddlewareHandler<ApiEnv> {
  return async (c, next) => {
    const began = performance.now()
    await next()
    tellRequest({
      began,
      requestId: c.get('requestId'),
      method: c.req.method,
      route: routeOf(c),
      status: c.res.status,
      address: c.get('address'),
      keyId: c.get('caller')?.keyId,
    })
  }
}
