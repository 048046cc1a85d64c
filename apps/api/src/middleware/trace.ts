import type { Tracing } from '@momentry/shared/platform/tracing/tracing.ts'
import type { MiddlewareHandler } from 'hono'
import type { ApiEnv } from '../http/env.ts'
import { routeOf } from '../http/route-of.ts'

/** Asked every few seconds by machines that look whether we live; they would fill any store of traces. */
const untold = new Set(['/healthz', '/readyz', '/metrics'])

/**
 * Makes a span of each request, under the caller's `traceparent` where it sends one. Paths are told by their pattern and
 * queries not at all, since a caller may have written a secret into them.
 */
export function traceRequests(tracing: Tracing): MiddlewareHandler<ApiEnv> {
  return (c, next) => {
    if (untold.has(c.req.path)) return next()
    const { method } = c.req
    const parent = c.req.header('traceparent')
    const attributes = { 'http.request.method': method, 'momentry.request_id': c.get('requestId') }
    return tracing.run(method, { kind: 'server', parent, attributes }, async (span) => {
      await next()
      const route = routeOf(c)
      const { status } = c.res
      span.rename(`${method} ${route}`)
      span.set({ 'http.route': route, 'http.response.status_code': status })
      if (status >= 500) span.fail()
    })
  }
}
