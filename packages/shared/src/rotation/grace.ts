import { type KeyType, keyKinds } from '../keys/kinds.ts'

export interface GraceTerms {
  type: KeyType
  /** Of the key's policy, in seconds. */
  policySeconds: number | undefined
  /** Of the request, in seconds. */
  requestedSeconds: number | undefined
  /** Between two scheduled rotations, in seconds. A grace never takes more than half of it, so that none runs into the next. */
  intervalSeconds: number | undefined
  forced: boolean
  /** When the key, and with it the old secret, expires; ms. */
  expiresAt: number | undefined
}

/**
 * Gives when a secret that is superseded now stops validating: the smallest of all terms wins (issue "Rotation"), and
 * never is it later than the secret would have ended anyway (DESIGN.md section 8).
 * @returns ms since 1970; `now` itself where there is no grace
 */
export function graceEnd(terms: GraceTerms, now: number): number {
  if (terms.forced) return now
  const { intervalSeconds } = terms
  const seconds = Math.min(
    keyKinds[terms.type].defaultGraceSeconds,
    terms.policySeconds ?? Number.POSITIVE_INFINITY,
    terms.requestedSeconds ?? Number.POSITIVE_INFINITY,
    intervalSeconds === undefined ? Number.POSITIVE_INFINITY : Math.floor(intervalSeconds / 2),
  )
  return Math.max(now, Math.min(now + seconds * 1000, terms.expiresAt ?? Number.POSITIVE_INFINITY))
}

export interface RunningGrace {
  type: KeyType
  supersededAt: number
  endsAt: number
  /** When the old secret ends by itself: the key's expiry, now or when it was superseded; ms. */
  expiresAt: number | undefined
}

/**
 * Gives the new end of a grace that an operator shortens or lengthens. What is over stays over, so no dead secret comes
 * back; the type's own grace, counted from the rotation, is the limit, and so is the secret's own expiry.
 * @param graceSeconds the whole grace, counted from the rotation
 * @returns ms; undefined where the grace is over already
 */
export function changeGraceEnd(grace: RunningGrace, graceSeconds: number, now: number): number | undefined {
  if (now >= grace.endsAt) return undefined
  const limit = grace.supersededAt + keyKinds[grace.type].defaultGraceSeconds * 1000
  const asked = grace.supersededAt + graceSeconds * 1000
  return Math.max(now, Math.min(asked, limit, grace.expiresAt ?? Number.POSITIVE_INFINITY))
}
