import { MomentryError } from '@momentry/shared/errors.ts'
import type { Context } from 'hono'
import type { ApiEnv, AuthenticateOptions, Caller } from '../http/env.ts'
import type { Services } from '../wiring/services.ts'
import { callerFrom, checkSecret, refusalOf } from './check-secret.ts'
import { countFailure } from './count-failure.ts'

/**
 * Who sent a secret as `Authorization: Bearer`. One that is malformed or unknown counts as a failed attempt of the address
 * that sent it. @throws MomentryError `UNAUTHENTICATED`, `LOCKED_OUT`, `IP_NOT_ALLOWED`, `RATE_LIMITED`, `QUOTA_EXCEEDED`
 */
export async function callerByBearer(
  c: Context<ApiEnv>,
  { validate, lockout }: Pick<Services, 'validate' | 'lockout'>,
  { ignoresLimits = false }: AuthenticateOptions,
): Promise<Caller> {
  const secret = /^Bearer +(\S+)$/i.exec(c.req.header('authorization') ?? '')?.[1]
  lockout.refuseLocked(c.get('address'))
  if (secret === undefined) throw new MomentryError('UNAUTHENTICATED', 'the Authorization header must be Bearer')
  return { ...(await callerBySecret(c, { validate, lockout }, { secret, ignoresLimits })), session: undefined }
}

/** Who has a secret; a failure counts. @throws as `callerByBearer` */
export async function callerBySecret(
  c: Context<ApiEnv>,
  { validate, lockout }: Pick<Services, 'validate' | 'lockout'>,
  { secret, ignoresLimits }: { secret: string; ignoresLimits: boolean },
): Promise<Omit<Caller, 'session'>> {
  const verdict = await checkSecret(c, validate, { secret, ignoresLimits })
  if (verdict.code === 'VALID') return callerFrom(verdict.record)
  await countFailure(lockout, verdict, { secret, address: c.get('address') })
  throw refusalOf(verdict)
}
