import ipaddr from 'ipaddr.js'

/**
 * One form for each address, as Postgres writes it too: no zone, IPv6 in its shortest form and lower case, IPv4 inside
 * IPv6 as IPv4. Who counts addresses must count these, never what was written.
 * @returns undefined for what is no address
 */
export function normalizeAddress(text: string | undefined): string | undefined {
  const bare = text?.split('%')[0]
  return bare !== undefined && ipaddr.isValid(bare) ? ipaddr.process(bare).toString() : undefined
}
