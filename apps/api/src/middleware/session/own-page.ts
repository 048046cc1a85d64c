import { MomentryError } from '@momentry/shared/errors.ts'

/** A request, as far as it tells which page made it. */
export interface PageRequest {
  method: string
  /** Gives a header of it. */
  header(name: string): string | undefined
  /** It came by TLS, as far as anybody knows. */
  secure: boolean
}

const safeMethods: ReadonlySet<string> = new Set(['GET', 'HEAD', 'OPTIONS'])

/** A header that no form can send, and no script of another site without being asked for leave (CORS), which none gets. */
export const consoleHeader = 'x-momentry-console'

/** Whether a request may change something by its method. */
export function isUnsafe(method: string): boolean {
  return !safeMethods.has(method)
}

/**
 * Whether a page of another origin made a request, or nobody can tell. Browsers say so in Sec-Fetch-Site (W3C Fetch
 * Metadata) where the page is secure, and in Origin (RFC 6454) otherwise.
 */
export function judgeOrigin({ header, secure }: PageRequest): 'own' | 'other' | 'unknown' {
  const site = header('sec-fetch-site')
  if (site !== undefined) return site === 'same-origin' || site === 'none' ? 'own' : 'other'
  const origin = header('origin')
  if (origin === undefined) return 'unknown'
  return isOwnOrigin(origin, header('host'), secure) ? 'own' : 'other'
}

/**
 * A request that lives by a cookie, which browsers send by themselves, must come from a page of ours where it changes
 * something. @throws MomentryError `FORBIDDEN`
 */
export function requireOwnPage(request: PageRequest, { needsHeader }: { needsHeader: boolean }): void {
  if (!isUnsafe(request.method)) return
  if (needsHeader && request.header(consoleHeader) !== '1')
    throw new MomentryError('FORBIDDEN', `a session's request that changes something needs ${consoleHeader}: 1`)
  if (judgeOrigin(request) !== 'own')
    throw new MomentryError('FORBIDDEN', "a session's request that changes something must come from a page of Momentry")
}

/** A page that came without TLS is another origin than one that came by it, also on the same host. */
function isOwnOrigin(origin: string, host: string | undefined, secure: boolean): boolean {
  const page = URL.parse(origin)
  if (page === null || !(page.protocol === 'https:' || (page.protocol === 'http:' && !secure))) return false
  // A default port stands in neither.
  return page.host === URL.parse(`${page.protocol}//${host}`)?.host
}
