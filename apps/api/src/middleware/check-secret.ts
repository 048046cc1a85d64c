import { MomentryError } from '@momentry/shared/errors.ts'
import { nameOf } from '@momentry/shared/keys/validation/answer.ts'
import type { SecretRecord } from '@momentry/shared/keys/validation/record/record.ts'
import type { Verdict } from '@momentry/shared/keys/validation/validate.ts'
import type { Context } from 'hono'
import { verdictHeaders } from '../http/answers/verdict-headers.ts'
import type { ApiEnv } from '../http/env.ts'

/**
 * Says in the answer to a request against Momentry itself that the secret it was sent with is superseded, and what is left
 * of its key's limits.
 */
export function tellVerdict(c: Context<ApiEnv>, verdict: Verdict): void {
  if (verdict.record) c.set('limits', verdict.limits)
  for (const [name, value] of Object.entries(verdictHeaders(verdict))) c.header(name, value)
}

/** Who asks by a good secret. */
export function callerFrom(record: SecretRecord) {
  const { keyId, type, scopes, version: secretVersion, digest } = record
  return { keyId, name: nameOf(record), type, scopes, secretVersion, digest: Buffer.from(digest, 'latin1') }
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
