import type { Socket } from 'node:net'
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

export type FindAddress = (socket: Socket | undefined, forwardedFor: string | undefined) => string | undefined

/** Gives the finding of who sent a request. A connection's own address is read once. */
export function createAddressFinder(isTrusted: IsInRanges): FindAddress {
  const known = new WeakMap<Socket, string | undefined>()
  return (socket, forwardedFor) => {
    if (socket === undefined) return undefined
    if (forwardedFor !== undefined) return findClientAddress(socket.remoteAddress, forwardedFor, isTrusted)
    if (!known.has(socket)) known.set(socket, normalizeAddress(socket.remoteAddress))
    return known.get(socket)
  }
}

export function clientAddress(findAddress: FindAddress): MiddlewareHandler<ApiEnv> {
  return async (c, next) => {
    c.set('address', findAddress(c.env?.incoming?.socket, c.req.header('x-forwarded-for')))
    await next()
  }
}
