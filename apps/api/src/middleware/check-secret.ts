import { MomentryError } from '@momentry/shared/errors.ts'
import type { SecretRecord } from '@momentry/shared/keys/validation/record.ts'
import type { Validate, Verdict } from '@momentry/shared/keys/validation/validate.ts'
import type { Context } from 'hono'
import { deprecationHeaders } from '../http/deprecation.ts'
import type { ApiEnv } from '../http/env.ts'
import { limitHeaders } from '../http/limit-headers.ts'

/**
 * Validates a secret, or a session's digest of one, for a request against Momentry itself. An answer to a superseded secret
 * says so in its headers, and one to a key with limits what is left of them. Such a use is no usage event: those are what
 * services report.
 */
export async function checkSecret(
  c: Context<ApiEnv>,
  validate: Validate,
  { secret, ignoresLimits }: { secret: string | Buffer; ignoresLimits: boolean },
): Promise<Verdict> {
  const verdict = await validate({ secret, address: c.get('address'), recordUsage: false, ignoresLimits })
  if (verdict.record) {
    c.set('limits', verdict.limits)
    for (const [name, value] of Object.entries(limitHeaders(verdict.limits))) c.header(name, value)
  }
  if (verdict.code === 'VALID')
    for (const [name, value] of Object.entries(deprecationHeaders(verdict.record))) c.header(name, value)
  return verdict
}

/** Who asks by a good secret. */
export function callerFrom(record: SecretRecord) {
  const { keyId, name, type, scopes, version: secretVersion, digest } = record
  return { keyId, name, type, scopes, secretVersion, digest }
}

/** A key that is good and may not be used now, or from there, is told so: a new key would help nobody. */
export function refusalOf(verdict: Verdict): MomentryError {
  if (verdict.code === 'IP_NOT_ALLOWED')
    return new MomentryError('IP_NOT_ALLOWED', 'the key may not be used from this address')
  if (verdict.code !== 'RATE_LIMITED' && verdict.code !== 'QUOTA_EXCEEDED')
    return new MomentryError('UNAUTHENTICATED', `the key is not valid: ${verdict.code}`)
  const { violated = [], retryAfterSeconds } = verdict.limits ?? {}
  return new MomentryError(verdict.code, `the key is over its limits: ${violated.join(', ')}`, {
    ...(retryAfterSeconds !== undefined && { retryAfterSeconds }),
  })
}
