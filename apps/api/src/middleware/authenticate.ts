import { MomentryError } from '@momentry/shared/errors.ts'
import type { Validate, Verdict } from '@momentry/shared/keys/validation/validate.ts'
import type { Lockout } from '@momentry/shared/lockout/lockout.ts'
import type { Context, MiddlewareHandler } from 'hono'
import { deprecationHeaders } from '../http/deprecation.ts'
import type { ApiEnv, Caller } from '../http/env.ts'
import { limitHeaders } from '../http/limit-headers.ts'
import { countFailure } from './count-failure.ts'

/**
 * Gives handlers the check of the bearer secret. A secret that is malformed or unknown counts as a failed attempt of the
 * address that sent it. An answer to a superseded secret says so in its headers, and one to a key with limits what is left
 * of them. The use of a key against Momentry itself is no usage event: those are what services report.
 */
export function authenticate(deps: { validate: Validate; lockout: Lockout }): MiddlewareHandler<ApiEnv> {
  const check = async (c: Context<ApiEnv>, ignoresLimits: boolean): Promise<Caller | undefined> => {
    const header = c.req.header('authorization')
    if (header === undefined) return undefined
    const address = c.get('address')
    deps.lockout.refuseLocked(address)
    const secret = /^Bearer +(\S+)$/i.exec(header)?.[1]
    if (secret === undefined) throw new MomentryError('UNAUTHENTICATED', 'the Authorization header must be Bearer')
    const verdict = await deps.validate({ secret, address, recordUsage: false, ignoresLimits })
    if (verdict.record) {
      c.set('limits', verdict.limits)
      for (const [name, value] of Object.entries(limitHeaders(verdict.limits))) c.header(name, value)
    }
    if (verdict.code === 'VALID') {
      const { record } = verdict
      for (const [name, value] of Object.entries(deprecationHeaders(record))) c.header(name, value)
      return { keyId: record.keyId, scopes: record.scopes, secretVersion: record.version, digest: record.digest }
    }
    await countFailure(deps.lockout, verdict, { secret, address })
    throw refusalOf(verdict)
  }
  return async (c, next) => {
    c.set('authenticate', ({ ignoresLimits } = { ignoresLimits: false }) => check(c, ignoresLimits))
    await next()
  }
}

/** A key that is good and may not be used now, or from there, is told so: a new key would help nobody. */
function refusalOf(verdict: Verdict): MomentryError {
  if (verdict.code === 'IP_NOT_ALLOWED')
    return new MomentryError('IP_NOT_ALLOWED', 'the key may not be used from this address')
  if (verdict.code !== 'RATE_LIMITED' && verdict.code !== 'QUOTA_EXCEEDED')
    return new MomentryError('UNAUTHENTICATED', `the key is not valid: ${verdict.code}`)
  const { violated = [], retryAfterSeconds } = verdict.limits ?? {}
  return new MomentryError(verdict.code, `the key is over its limits: ${violated.join(', ')}`, {
    ...(retryAfterSeconds !== undefined && { retryAfterSeconds }),
  })
}
