import { MomentryError } from '@momentry/shared/errors.ts'
import type { Verdict } from '@momentry/shared/keys/validation/validate.ts'
import type { Context } from 'hono'
import type { ApiEnv, AuthenticateOptions, Caller } from '../http/env.ts'
import type { Services } from '../wiring/services.ts'
import { callerFrom, refusalOf, tellVerdict } from './check-secret.ts'
import { countFailure } from './count-failure.ts'

type Deps = Pick<Services, 'validate' | 'lockout'>

/** What a caller sent to be known by. */
interface Sent {
  address: string | undefined
  ignoresLimits: boolean
}

/**
 * Validates the secret of an Authorization header. One that is malformed or unknown counts as a failed attempt of the
 * address that sent it. @throws MomentryError `UNAUTHENTICATED` where it is no bearer's, `LOCKED_OUT`
 */
export async function validateBearer(
  deps: Deps,
  { authorization, ...sent }: Sent & { authorization: string | undefined },
): Promise<Verdict> {
  const secret = /^Bearer +(\S+)$/i.exec(authorization ?? '')?.[1]
  deps.lockout.refuseLocked(sent.address)
  if (secret === undefined) throw new MomentryError('UNAUTHENTICATED', 'the Authorization header must be Bearer')
  return validateSecret(deps, { secret, ...sent })
}

async function validateSecret(
  { validate, lockout }: Deps,
  { secret, address, ignoresLimits }: Sent & { secret: string },
): Promise<Verdict> {
  // A request against Momentry itself is no usage event: those are what services report.
  const verdict = await validate({ secret, address, recordUsage: false, ignoresLimits })
  await countFailure(lockout, verdict, { secret, address })
  return verdict
}

/**
 * Who sent a secret as `Authorization: Bearer`.
 * @throws MomentryError `UNAUTHENTICATED`, `LOCKED_OUT`, `IP_NOT_ALLOWED`, `RATE_LIMITED`, `QUOTA_EXCEEDED`
 */
export async function callerByBearer(
  c: Context<ApiEnv>,
  deps: Deps,
  { ignoresLimits = false }: AuthenticateOptions,
): Promise<Caller> {
  const authorization = c.req.header('authorization')
  const verdict = await validateBearer(deps, { authorization, address: c.get('address'), ignoresLimits })
  return { ...callerOfVerdict(c, verdict), session: undefined }
}

/** Who has a secret; a failure counts. @throws as `callerByBearer` */
export async function callerBySecret(
  c: Context<ApiEnv>,
  deps: Deps,
  { secret, ignoresLimits }: { secret: string; ignoresLimits: boolean },
): Promise<Omit<Caller, 'session'>> {
  return callerOfVerdict(c, await validateSecret(deps, { secret, address: c.get('address'), ignoresLimits }))
}

function callerOfVerdict(c: Context<ApiEnv>, verdict: Verdict): Omit<Caller, 'session'> {
  tellVerdict(c, verdict)
  if (verdict.code !== 'VALID') throw refusalOf(verdict)
  return callerFrom(verdict.record)
}
