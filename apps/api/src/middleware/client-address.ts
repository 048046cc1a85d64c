import { MomentryError } from '@momentry/shared/errors.ts'
import type { MiddlewareHandler } from 'hono'
import ipaddr from 'ipaddr.js'
import type { ApiEnv } from '../http/env.ts'

export type IsTrusted = (address: string) => boolean

/**
 * Reads TRUSTED_PROXIES: addresses and CIDR ranges, IPv4 or IPv6.
 * @throws MomentryError `CONFIG_INVALID`
 */
export function parseTrustedProxies(list: readonly string[]): IsTrusted {
  const ranges = list.map((entry) => {
    if (ipaddr.isValidCIDR(entry)) return ipaddr.parseCIDR(entry)
    if (!ipaddr.isValid(entry))
      throw new MomentryError('CONFIG_INVALID', 'TRUSTED_PROXIES: must be addresses or CIDR ranges, comma-separated')
    const address = ipaddr.process(entry)
    return [address, address.kind() === 'ipv4' ? 32 : 128] as const
  })
  return (address) => {
    const parsed = ipaddr.process(address)
    return ranges.some(([range, bits]) => parsed.kind() === range.kind() && parsed.match(range, bits))
  }
}

/** One form for each address: no zone, IPv4 inside IPv6 as IPv4. undefined for what is no address. */
export function normalizeAddress(text: string | undefined): string | undefined {
  const bare = text?.split('%')[0]
  return bare !== undefined && ipaddr.isValid(bare) ? ipaddr.process(bare).toString() : undefined
}

/**
 * Finds who sent a request: the socket's address, or, behind trusted proxies, the first address from the right of
 * X-Forwarded-For that is not one of theirs. What stands further left was written by the client and is not believed.
 */
export function findClientAddress(
  socketAddress: string | undefined,
  forwardedFor: string | undefined,
  isTrusted: IsTrusted,
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

export function clientAddress(isTrusted: IsTrusted): MiddlewareHandler<ApiEnv> {
  return async (c, next) => {
    const socketAddress = c.env?.incoming?.socket.remoteAddress
    c.set('address', findClientAddress(socketAddress, c.req.header('x-forwarded-for'), isTrusted))
    await next()
  }
}
