import { MomentryError } from '@momentry/shared/errors.ts'
import type { Validate } from '@momentry/shared/keys/validation/validate.ts'
import type { Lockout } from '@momentry/shared/lockout/lockout.ts'
import type { Context, MiddlewareHandler } from 'hono'
import { deprecationHeaders } from '../http/deprecation.ts'
import type { ApiEnv, Caller } from '../http/env.ts'
import { countFailure } from './count-failure.ts'

/**
 * Gives handlers the check of the bearer secret. A secret that is malformed or unknown counts as a failed attempt of the
 * address that sent it. An answer to a superseded secret says so in its headers. The use of a key against Momentry itself is no usage event: those are what services report.
 */
export function authenticate(deps: { validate: Validate; lockout: Lockout }): MiddlewareHandler<ApiEnv> {
  const check = async (c: Context<ApiEnv>): Promise<Caller | undefined> => {
    const header = c.req.header('authorization')
    if (header === undefined) return undefined
    const address = c.get('address')
    deps.lockout.refuseLocked(address)
    const secret = /^Bearer +(\S+)$/i.exec(header)?.[1]
    if (secret === undefined) throw new MomentryError('UNAUTHENTICATED', 'the Authorization header must be Bearer')
    const verdict = await deps.validate({ secret, address, recordUsage: false })
    if (verdict.code === 'VALID') {
      const { record } = verdict
      for (const [name, value] of Object.entries(deprecationHeaders(record))) c.header(name, value)
      return { keyId: record.keyId, scopes: record.scopes, secretVersion: record.version, digest: record.digest }
    }
    await countFailure(deps.lockout, verdict, { secret, address })
    throw new MomentryError('UNAUTHENTICATED', `the key is not valid: ${verdict.code}`)
  }
  return async (c, next) => {
    c.set('authenticate', () => check(c))
    await next()
  }
}
