import ipaddr from 'ipaddr.js'

const globalUnicast = ipaddr.parseCIDR('2000::/3')
/** NAT64 (RFC 6052, section 2.1): behind it is the IPv4 address that its last four bytes are. */
const nat64 = ipaddr.parseCIDR('64:ff9b::/96')

/**
 * Tells whether an address is one of the open Internet. Whatever has a purpose of its own is none: private, loopback,
 * link-local, unique local, shared (CGNAT), multicast, documentation, reserved, tunnels. IPv4 within IPv6 counts as IPv4.
 * @param text any spelling that a resolver or a URL may hold; what is no address is not public
 */
export function isPublicAddress(text: string): boolean {
  if (!ipaddr.isValid(text)) return false
  const address = ipaddr.process(text)
  if (address.kind() === 'ipv4') return address.range() === 'unicast'
  if (address.match(nat64)) return isPublicAddress(address.toByteArray().slice(-4).join('.'))
  return address.match(globalUnicast) && address.range() === 'unicast'
}
