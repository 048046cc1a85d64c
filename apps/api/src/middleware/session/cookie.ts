import { normalizeAddress } from '@momentry/shared/platform/address.ts'
import type { IsInRanges } from '@momentry/shared/platform/address-range.ts'
import type { Context } from 'hono'
import { deleteCookie, getCookie, setCookie } from 'hono/cookie'
import type { ApiEnv } from '../../http/env.ts'

/**
 * Over TLS the name binds the cookie to this very host (RFC 6265bis section 4.1.3.2), so that no neighbour under the same
 * domain can set one; a browser takes such a name over TLS alone.
 */
const names = { plain: 'momentry_session', secure: '__Host-momentry_session' } as const

type Request = Context<ApiEnv>

/** Whether a request came by TLS, as far as a trusted proxy tells: this process itself speaks none. */
export function isSecure(c: Request, isTrustedProxy: IsInRanges): boolean {
  const from = normalizeAddress(c.env?.incoming?.socket.remoteAddress)
  if (from === undefined || !isTrustedProxy(from)) return false
  return c.req.header('x-forwarded-proto')?.split(',')[0]?.trim().toLowerCase() === 'https'
}

/** The token of a request's session; undefined where none was sent. */
export function readSessionCookie(c: Request, secure: boolean): string | undefined {
  return getCookie(c, secure ? names.secure : names.plain)
}

/** Neither scripts nor other sites get at it, and it ends with the session. */
export function setSessionCookie(c: Request, secure: boolean, { token, expiresAt, now }: SessionCookie): void {
  setCookie(c, secure ? names.secure : names.plain, token, {
    ...attributes(secure),
    maxAge: Math.max(0, Math.floor((expiresAt.getTime() - now) / 1000)),
  })
}

export interface SessionCookie {
  token: string
  expiresAt: Date
  /** ms */
  now: number
}

export function clearSessionCookie(c: Request, secure: boolean): void {
  deleteCookie(c, secure ? names.secure : names.plain, attributes(secure))
}

function attributes(secure: boolean) {
  return { httpOnly: true, sameSite: 'Strict', path: '/', secure } as const
}
