import type { ValidateKeyInput } from '@momentry/shared/keys/schemas.ts'
import type { Verdict } from '@momentry/shared/keys/validation/validate.ts'
import { normalizeAddress } from '@momentry/shared/platform/address.ts'
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
 * @throws MomentryError `LOCKED_OUT`, `DATABASE_UNAVAILABLE`
 */
export async function checkKey(
  { validate, lockout, metrics, outcomes }: Pick<Services, 'validate' | 'lockout' | 'metrics' | 'outcomes'>,
  { question, trusted, address: callerAddress }: KeyCheck,
): Promise<Verdict> {
  const { key, clientIp, scopes, scopeExpression, requestId, recordUsage = true } = question
  const address = trusted ? normalizeAddress(clientIp) : callerAddress
  lockout.refuseLocked(address)
  const verdict = await validate({ secret: key, address, scopes, scopeExpression, requestId, recordUsage })
  metrics.countValidation(verdict.code)
  outcomes.count(verdict.code)
  if (isDead(verdict)) await countFailure(lockout, verdict, { secret: key, address })
  return verdict
}
