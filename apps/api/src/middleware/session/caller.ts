import { MomentryError } from '@momentry/shared/errors.ts'
import { forgetSession } from '@momentry/shared/sessions/end.ts'
import { findSession } from '@momentry/shared/sessions/find.ts'
import { touchSession } from '@momentry/shared/sessions/touch.ts'
import type { Context } from 'hono'
import type { ApiEnv, AuthenticateOptions, Caller } from '../../http/env.ts'
import type { Services } from '../../wiring/services.ts'
import { callerFrom, refusalOf, tellVerdict } from '../check-secret.ts'
import { isDead } from '../count-failure.ts'
import { clearSessionCookie, isSecure, readSessionCookie } from './cookie.ts'
import { requireOwnPage } from './own-page.ts'

export type SessionDeps = Pick<Services, 'validate' | 'lockout' | 'postgres' | 'now' | 'isTrustedProxy'>

/**
 * Who came by the session of a cookie; undefined where there is no cookie. The secret that the session was opened with is
 * judged as if it had been sent: the session ends with it. A cookie that is of no session counts as no guess, since every
 * browser sends one after its session has ended.
 * @throws MomentryError `UNAUTHENTICATED`, `LOCKED_OUT`, `IP_NOT_ALLOWED`, `RATE_LIMITED`, `QUOTA_EXCEEDED`, `FORBIDDEN`
 */
export async function callerBySession(
  c: Context<ApiEnv>,
  deps: SessionDeps,
  { ignoresLimits = false, sendsNoHeader = false }: AuthenticateOptions,
): Promise<Caller | undefined> {
  const secure = isSecure(c, deps.isTrustedProxy)
  const token = readSessionCookie(c, secure)
  if (token === undefined) return undefined
  deps.lockout.refuseLocked(c.get('address'))
  const request = { method: c.req.method, secure, header: (name: string) => c.req.header(name) }
  requireOwnPage(request, { needsHeader: !sendsNoHeader })
  const { db } = deps.postgres
  const session = await findSession(db, token, deps.now())
  if (!session) {
    clearSessionCookie(c, secure)
    throw new MomentryError('UNAUTHENTICATED', 'the session is over')
  }
  const secret = session.secretDigest
  const verdict = await deps.validate({ secret, address: c.get('address'), recordUsage: false, ignoresLimits })
  tellVerdict(c, verdict)
  if (verdict.code !== 'VALID') {
    if (isDead(verdict)) {
      await forgetSession(db, session.id)
      clearSessionCookie(c, secure)
    }
    throw refusalOf(verdict)
  }
  await touchSession(db, session, deps.now())
  const { id, expiresAt } = session
  return { ...callerFrom(verdict.record), session: { id, expiresAt } }
}
