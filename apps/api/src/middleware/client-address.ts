import { normalizeAddress } from '@momentry/shared/platform/address.ts'
import type { IsInRanges } from '@momentry/shared/platform/address-range.ts'
import type { MiddlewareHandler } from 'hono'
import type { ApiEnv } from '../http/env.ts'

/**
 * Finds who sent a request: the socket's address, or, behind trusted proxies, the first address from the right of
 * X-Forwarded-For that is not one of theirs. What stands further left was written by the client and is not believed.
 */
export function findClientAddress(
  socketAddress: string | undefined,
  forwardedFor: string | undefined,
  isTrusted: IsInRanges,
): string | undefined {
  let address = normalizeAddress(socketAddress)
  for (const hop of forwardedFor?.split(',').reverse() ?? []) {
    if (address === undefined || !isTrusted(address)) break
    const next = normalizeAddress(withoutPort(hop.trim()))
    if (next === undefined) break
    address = next
  }
  return address
}

/** Some proxies write `198.51.100.1:4711` or `[2001:db8::1]:4711`. */
function withoutPort(hop: string): string {
  return /^\[(.+)\](?::\d+)?$/.exec(hop)?.[1] ?? /^([\d.]+):\d+$/.exec(hop)?.[1] ?? hop
}

export function clientAddress(isTrusted: IsInRanges): MiddlewareHandler<ApiEnv> {
  return async (c, next) => {
    const socketAddress = c.env?.incoming?.socket.remoteAddress
    c.set('address', findClientAddress(socketAddress, c.req.header('x-forwarded-for'), isTrusted))
    await next()
  }
}
