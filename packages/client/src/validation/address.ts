import { isIP } from 'node:net'

/** Gives an address as Momentry takes it: without the zone that a link-local one may carry; undefined for anything else. */
export function readAddress(text: string | undefined): string | undefined {
  const address = text?.replace(/%.*$/, '')
  return address !== undefined && isIP(address) > 0 ? address : undefined
}
