/** What a key is as a whole, for people and lists. */
export const keyStatuses = ['active', 'disabled', 'expired', 'revoked'] as const
export type KeyStatus = (typeof keyStatuses)[number]

/** What validating a secret can say (DESIGN.md section 5). */
export const validationCodes = [
  'VALID',
  'MALFORMED',
  'NOT_FOUND',
  'EXPIRED',
  'REVOKED',
  'ROTATED',
  'DISABLED',
  'IP_NOT_ALLOWED',
  'INSUFFICIENT_SCOPE',
  'RATE_LIMITED',
  'QUOTA_EXCEEDED',
] as const
export type ValidationCode = (typeof validationCodes)[number]

/** What of a key decides whether it may be used; times in milliseconds since 1970. */
export interface KeyState {
  enabled: boolean
  expiresAt: number | undefined
  revokedAt: number | undefined
}

/** A key's state and that of one of its secrets. */
export interface SecretState extends KeyState {
  /** Until when a superseded secret still validates; undefined for the current one. */
  graceEndsAt: number | undefined
}

/** A key's status at a moment. An expiry is the first moment at which the key is no longer good. */
export function keyStatus(state: KeyState, now: number): KeyStatus {
  if (state.revokedAt !== undefined) return 'revoked'
  if (state.expiresAt !== undefined && now >= state.expiresAt) return 'expired'
  return state.enabled ? 'active' : 'disabled'
}

/**
 * Judges a secret at a moment. The most final reason comes first: a revoked key stays revoked, a superseded secret
 * never comes back, while an expiry and `enabled` can be changed.
 */
export function judgeSecret(state: SecretState, now: number): 'VALID' | 'REVOKED' | 'ROTATED' | 'EXPIRED' | 'DISABLED' {
  const status = keyStatus(state, now)
  if (status === 'revoked') return 'REVOKED'
  if (state.graceEndsAt !== undefined && now >= state.graceEndsAt) return 'ROTATED'
  if (status === 'expired') return 'EXPIRED'
  return status === 'disabled' ? 'DISABLED' : 'VALID'
}
