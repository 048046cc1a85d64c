import ipaddr from 'ipaddr.js'

/** In the form that Postgres writes: four numbers from 0 to 255 without leading zeros. */
const ipv4 = /^(?:(?:25[0-5]|2[0-4]\d|1\d\d|[1-9]?\d)(?:\.(?!$)|$)){4}$/

/**
 * One form for each address, as Postgres writes it too: no zone, IPv6 in its shortest form and lower case, IPv4 inside
 * IPv6 as IPv4. Who counts addresses must count these, never what was written.
 * @returns undefined for what is no address
 */
export function normalizeAddress(text: string | undefined): string | undefined {
  // As most are, and in that form already.
  if (text !== undefined && ipv4.test(text)) return text
  const bare = text?.split('%')[0]
  return bare !== undefined && ipaddr.isValid(bare) ? ipaddr.process(bare).toString() : undefined
}
