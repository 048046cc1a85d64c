import type { ValidateKeyInput } from '@momentry/shared/keys/schemas.ts'
import type { Verdict } from '@momentry/shared/keys/validation/validate.ts'
import { normalizeAddress } from '@momentry/shared/platform/address.ts'
import { andThen, type MaybePromise } from '@momentry/shared/platform/and-then.ts'
import { countFailure, isDead } from '../middleware/count-failure.ts'
import type { Services } from '../wiring/services.ts'

export interface KeyCheck {
  question: ValidateKeyInput
  /** Whether the caller is believed where it says who sent the secret. */
  trusted: boolean
  /** Where the question itself came from. */
  address: string | undefined
}

/**
 * Checks a secret for a service, and counts what came of it.
 * @throws MomentryError `LOCKED_OUT`, at once or later; `DATABASE_UNAVAILABLE`
 */
export function checkKey(
  { validate, lockout, metrics, outcomes }: Pick<Services, 'validate' | 'lockout' | 'metrics' | 'outcomes'>,
  { question, trusted, address: callerAddress }: KeyCheck,
): MaybePromise<Verdict> {
  const { key, clientIp, scopes, scopeExpression, requestId, recordUsage = true } = question
  const address = trusted ? normalizeAddress(clientIp) : callerAddress
  lockout.refuseLocked(address)
  return andThen(validate({ secret: key, address, scopes, scopeExpression, requestId, recordUsage }), (verdict) => {
    metrics.countValidation(verdict.code)
    outcomes.count(verdict.code)
    if (!isDead(verdict)) return verdict
    return countFailure(lockout, verdict, { secret: key, address }).then(() => verdict)
  })
}
