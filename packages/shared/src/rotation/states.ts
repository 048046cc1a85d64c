/** Why a secret is replaced (DESIGN.md section 2). */
export const rotationKinds = ['scheduled', 'manual', 'forced'] as const
export type RotationKind = (typeof rotationKinds)[number]

/** `queued` and `running` are under way; the others are final, but that a failed one can be tried again by a person. */
export const rotationStates = ['queued', 'running', 'completed', 'failed', 'cancelled'] as const
export type RotationState = (typeof rotationStates)[number]

/** Of a rotation that has not done anything yet. */
export const underWayStates: RotationState[] = ['queued', 'running']

/** Who fetched a successor first. */
export const claimants = ['holder', 'operator'] as const
export type Claimant = (typeof claimants)[number]
