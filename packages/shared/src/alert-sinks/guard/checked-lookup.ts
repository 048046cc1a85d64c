import { lookup } from 'node:dns/promises'
import type { LookupFunction } from 'node:net'
import { isPublicAddress } from './public-address.ts'
import { refusedAddress } from './refused-address.ts'

/** Gives the addresses of a name. @throws the resolver's error where it has none */
export type Resolve = (hostname: string) => Promise<readonly { address: string; family: number }[]>

export interface CheckedLookupOptions {
  resolve?: Resolve | undefined
  isPublic?: ((address: string) => boolean) | undefined
}

const systemResolve: Resolve = (hostname) => lookup(hostname, { all: true })

/**
 * Gives the look-up of a socket that goes to the open Internet only. The name is resolved once, and the socket gets the
 * very addresses that were looked at: a name that leads elsewhere a moment later changes nothing. One address that is not
 * public refuses them all.
 */
export function createCheckedLookup({
  resolve = systemResolve,
  isPublic = isPublicAddress,
}: CheckedLookupOptions): LookupFunction {
  const check = async (hostname: string) => {
    const found = await resolve(hostname)
    const [first] = found
    if (!first || !found.every(({ address }) => isPublic(address))) throw refusedAddress(hostname)
    return { first, all: found.map(({ address, family }) => ({ address, family })) }
  }
  return (hostname, options, callback) => {
    check(hostname).then(
      ({ first, all }) => {
        if (options.all) callback(null, all)
        else callback(null, first.address, first.family)
      },
      (error: unknown) => callback(error instanceof Error ? error : new Error('look-up failed'), '', 0),
    )
  }
}
