import type { Rotation } from '../api/shapes/rotation.ts'
import { tellDistance, tellDuration } from '../output/duration.ts'
import { type RotationWish, stopsAtOnce } from './request.ts'

type Known = Partial<Pick<Rotation, 'keyType' | 'graceEndsAt'>>

/**
 * Tells what comes next after a rotation was queued.
 * @param known what can be told of it already
 * @param now milliseconds since 1970
 */
export function nextSteps(id: string, wish: RotationWish, known: Known, now: number): string[] {
  const follow = `Follow it: momentry rotation show ${id}`
  if (hasNoGrace(wish, known, now)) {
    return [
      'The old secret stops with the rotation, and cannot claim the new one.',
      `Fetch the new secret for its holder: momentry rotation secret ${id}`,
      follow,
    ]
  }
  return [
    `The old secret works on ${tellGrace(wish, known, now)}.`,
    'With it, the holder gets the new one: momentry api-key claim',
    follow,
  ]
}

/** Keys of the type `emergency` have no grace whatever is asked for. */
function hasNoGrace(wish: RotationWish, { keyType, graceEndsAt }: Known, now: number): boolean {
  return stopsAtOnce(wish) || keyType === 'emergency' || (graceEndsAt ? Date.parse(graceEndsAt) <= now : false)
}

function tellGrace({ graceSeconds }: RotationWish, { graceEndsAt }: Known, now: number): string {
  if (graceEndsAt) return `until ${graceEndsAt} (${tellDistance(graceEndsAt, now)})`
  return graceSeconds === undefined
    ? "for the grace that the key's policy and type give"
    : `for ${tellDuration(graceSeconds)} after the rotation, or less where the key's policy or type says so`
}
