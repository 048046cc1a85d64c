const redirects = new Set([301, 302, 303, 307, 308])

/**
 * Tells what to make of an answer's `Location`: `none` where it is no redirect; `refused` where it leads to another host,
 * port or scheme, since credentials would go along; otherwise where it leads.
 */
export function readRedirect(
  from: URL,
  status: number,
  location: string | null,
): { kind: 'none' } | { kind: 'refused'; host: string } | { kind: 'same-origin'; url: URL } {
  if (!redirects.has(status) || location === null) return { kind: 'none' }
  const url = URL.parse(location, from.href)
  if (url === null) return { kind: 'refused', host: 'nowhere' }
  return url.origin === from.origin ? { kind: 'same-origin', url } : { kind: 'refused', host: url.host }
}
