import type { Logger } from '@momentry/shared/platform/process/log.ts'
import type { MiddlewareHandler } from 'hono'
import type { ApiEnv } from '../http/env.ts'
import { routeOf } from '../http/route-of.ts'
import type { ApiMetrics } from '../wiring/metrics.ts'

/** Asked so often that a line each would hide all others. */
const quiet = new Set(['/v1/keys/validate', '/healthz', '/readyz', '/metrics', '/console/*'])

/**
 * Logs and measures each request. Paths are told by their pattern and queries not at all, since a caller may have
 * written a secret into them.
 */
export function observe(deps: { log: Logger; metrics: ApiMetrics }): MiddlewareHandler<ApiEnv> {
  return async (c, next) => {
    const began = performance.now()
    await next()
    const ms = performance.now() - began
    const route = routeOf(c)
    const { method } = c.req
    const { status } = c.res
    deps.metrics.requests.observe({ method, route, status }, ms / 1000)
    const level = status >= 500 ? 'warn' : status < 400 && quiet.has(route) ? 'debug' : 'info'
    deps.log[level](
      {
        requestId: c.get('requestId'),
        method,
        route,
        status,
        ms: Math.round(ms * 10) / 10,
        address: c.get('address'),
        keyId: c.get('caller')?.keyId,
      },
      'request',
    )
  }
}
