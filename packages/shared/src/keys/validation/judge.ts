import { type ScopeExpression, satisfies } from '../../scopes/expression.ts'
import { missingScopes } from '../../scopes/scope.ts'
import { judgeSecret, type ValidationCode } from '../status.ts'
import type { SecretRecord } from './record/record.ts'

/** A use of a secret, as far as it decides whether the secret serves for it. */
export interface UseOfSecret {
  /** Who used it; undefined where nobody knows. */
  address: string | undefined
  /** Scopes that the use needs, all of them. */
  scopes?: readonly string[] | undefined
  /** What else it needs. */
  scopeExpression?: ScopeExpression | undefined
}

type JudgedCode = ReturnType<typeof judgeSecret> | 'IP_NOT_ALLOWED' | 'INSUFFICIENT_SCOPE'

/**
 * Judges a use by all but the key's limits: the secret's state, then the address, then the scopes. A key that is bound to
 * addresses is refused where nobody knows from where it is used.
 */
export function judgeUse(record: SecretRecord, use: UseOfSecret, now: number): JudgedCode {
  const { isAllowedFrom, scopes: held } = record
  const state = judgeSecret(record, now)
  if (state !== 'VALID') return state
  if (isAllowedFrom && (use.address === undefined || !isAllowedFrom(use.address))) return 'IP_NOT_ALLOWED'
  if (missingScopes(held, use.scopes ?? []).length > 0) return 'INSUFFICIENT_SCOPE'
  return use.scopeExpression === undefined || satisfies(held, use.scopeExpression) ? 'VALID' : 'INSUFFICIENT_SCOPE'
}

const limited: readonly ValidationCode[] = ['RATE_LIMITED', 'QUOTA_EXCEEDED']
const forbidden: readonly ValidationCode[] = ['INSUFFICIENT_SCOPE', 'IP_NOT_ALLOWED']

/** Whether a use shows that the key's holder has the secret: it is good, and comes from where it may. */
export function isHolders(code: ValidationCode): boolean {
  return code === 'VALID' || code === 'INSUFFICIENT_SCOPE' || limited.includes(code)
}

/** The HTTP status that a service would answer with, as which the use is counted. */
export function outcomeStatus(code: ValidationCode): number {
  if (code === 'VALID') return 200
  if (limited.includes(code)) return 429
  return forbidden.includes(code) ? 403 : 401
}
