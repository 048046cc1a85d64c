/**
 * `creating`: asked for, and nobody knows yet whether it exists there; `gone`: it vanished there without Momentry;
 * `expired`: it ended at its expiry. Of the last three nothing is left there.
 */
export const credentialStates = ['creating', 'active', 'deleted', 'gone', 'expired'] as const
export type CredentialState = (typeof credentialStates)[number]

/** Of a credential that is there, or may be. */
export const liveStates: CredentialState[] = ['creating', 'active']

/** `draining`: the new credential is in use, the old one waits for its grace to end. The last three are final. */
export const integrationRotationStates = ['queued', 'running', 'draining', 'completed', 'failed', 'cancelled'] as const
export type IntegrationRotationState = (typeof integrationRotationStates)[number]

/** Of a rotation whose credential cannot be rotated again yet. */
export const unfinishedStates: IntegrationRotationState[] = ['queued', 'running', 'draining']

export const verificationOutcomes = ['valid', 'narrow', 'invalid', 'unreachable'] as const

/**
 * What a system says to a credential: `valid`; `narrow`, valid but without the scope that asking takes; `invalid`:
 * unknown, deleted or expired, which systems do not tell apart; `unreachable`: nothing is known.
 */
export type VerificationOutcome = (typeof verificationOutcomes)[number]
