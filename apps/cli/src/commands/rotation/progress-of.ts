import type { Rotation } from '../../api/shapes/rotation.ts'
import { tellDistance, tellDuration } from '../../output/duration.ts'

/** Tells when the old secret stops, and how long that is away; undefined before the rotation is done. */
export function graceOf({ graceEndsAt }: Rotation, now: number): string | undefined {
  if (!graceEndsAt) return undefined
  const left = (Date.parse(graceEndsAt) - now) / 1000
  return left > 0
    ? `until ${graceEndsAt} (${tellDuration(left)} left)`
    : `over since ${graceEndsAt} (${tellDistance(graceEndsAt, now)})`
}

/** Tells whether the new secret has reached its holder; undefined before the rotation is done. */
export function claimOf({ state, claimedAt, claimedBy, claimable, firstUsedAt }: Rotation): string | undefined {
  if (state !== 'completed') return undefined
  if (claimedAt) return `by the ${claimedBy}, ${claimedAt}`
  if (claimable) return 'not yet'
  return firstUsedAt ? 'no need: it is in use' : 'no, and it can no longer be'
}
