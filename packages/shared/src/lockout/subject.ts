import ipaddr from 'ipaddr.js'

/**
 * What an address is counted as: an IPv4 address by itself, an IPv6 address by its /64, since whoever has one address of
 * a /64 commonly has all of them. An IPv4 address inside IPv6 is the IPv4 address.
 * @returns undefined for a text that is no address
 */
export function lockoutSubject(address: string): string | undefined {
  if (!ipaddr.isValid(address)) return undefined
  const parsed = ipaddr.process(address)
  if (parsed.kind() === 'ipv4') return parsed.toString()
  return `${ipaddr.IPv6.networkAddressFromCIDR(`${withoutZone(parsed.toNormalizedString())}/64`).toString()}/64`
}

function withoutZone(address: string): string {
  return address.split('%')[0] ?? address
}
