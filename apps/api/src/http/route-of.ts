import type { Context } from 'hono'
import { routePath } from 'hono/route'
import type { ApiEnv } from './env.ts'

/** The pattern of the route that answered a request, once it has; `unmatched` where none did. */
export function routeOf(c: Context<ApiEnv>): string {
  const matched = routePath(c, -1)
  const isKnown = matched !== '' && (!matched.endsWith('*') || matched.startsWith('/console/'))
  return isKnown ? matched : 'unmatched'
}
