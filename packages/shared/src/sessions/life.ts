const hour = 3_600_000

/** A session ends so long after the sign-in, whatever is done with it (ms). */
export const lifeMs = 12 * hour
/** And so long after it was last used (ms). */
export const idleMs = 2 * hour
/** A use is written down at most so often (ms): a page that asks for ten things at once writes one row. */
export const touchMs = 60_000
/** One key has no more sessions at a time; one more ends that which was opened first. */
export const maxSessionsOfKey = 20

interface Times {
  lastSeenAt: Date
  expiresAt: Date
}

/** Whether a session may still be used. The moment at which it ends is the first at which it may not. @param now ms */
export function isLive({ lastSeenAt, expiresAt }: Times, now: number): boolean {
  return now < expiresAt.getTime() && now < lastSeenAt.getTime() + idleMs
}

/** Whether a use is to be written down. @param now ms */
export function isTouchDue({ lastSeenAt }: Pick<Times, 'lastSeenAt'>, now: number): boolean {
  return now - lastSeenAt.getTime() >= touchMs
}

/** What is over by now: sessions that end before `expiresAt`, or were last seen before `lastSeenAt`. @param now ms */
export function over(now: number): Times {
  return { expiresAt: new Date(now), lastSeenAt: new Date(now - idleMs) }
}
