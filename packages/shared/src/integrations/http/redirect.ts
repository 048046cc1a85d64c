const redirects = new Set([301, 302, 303, 307, 308])

/** Names of hosts are no longer (RFC 1035, section 2.3.4). */
const maxHost = 255

/**
 * Tells what to make of an answer's `Location`: `none` where it is no redirect; `refused` where it leads to another host,
 * port or scheme, since credentials would go along, or names a user; otherwise where it leads.
 */
export function readRedirect(
  from: URL,
  status: number,
  location: string | null,
): { kind: 'none' } | { kind: 'refused'; host: string } | { kind: 'same-origin'; url: URL } {
  if (!redirects.has(status) || location === null) return { kind: 'none' }
  const url = URL.parse(location, from.href)
  if (url?.origin === from.origin && url.username === '' && url.password === '') return { kind: 'same-origin', url }
  return { kind: 'refused', host: url?.host.slice(0, maxHost) || 'nowhere' }
}
