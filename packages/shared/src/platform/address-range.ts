import ipaddr from 'ipaddr.js'

export type IsInRanges = (address: string) => boolean

/**
 * Reads addresses and CIDR ranges, IPv4 or IPv6.
 * @returns what tells whether an address is in one of them; undefined where an entry is neither
 */
export function parseAddressRanges(entries: readonly string[]): IsInRanges | undefined {
  if (!entries.every((entry) => ipaddr.isValid(entry) || ipaddr.isValidCIDR(entry))) return undefined
  const ranges = entries.map((entry) => {
    if (ipaddr.isValidCIDR(entry)) return ipaddr.parseCIDR(entry)
    const address = ipaddr.process(entry)
    return [address, address.kind() === 'ipv4' ? 32 : 128] as const
  })
  return (address) => {
    const parsed = ipaddr.process(address)
    return ranges.some(([range, bits]) => parsed.kind() === range.kind() && parsed.match(range, bits))
  }
}
