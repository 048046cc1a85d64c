/** How long to wait after each attempt that failed, in seconds: about a day in all. */
export const retrySeconds = [5, 30, 120, 600, 1800, 3600, 7200, 14_400, 28_800, 28_800] as const
/** Each wait grows by a part of itself, drawn at random, up to this: receivers that were away are not met by all at once. */
const jitterShare = 0.2
/** No receiver puts a message off for longer. */
const maxRetryAfterSeconds = 28_800

/**
 * Gives when to try again (ms from now), or undefined where a message is given up.
 * @param attempts that failed, 1 or more
 * @param retryAfterSeconds what the receiver asked for
 * @param random from 0 to 1
 */
export function retryDelay(
  attempts: number,
  retryAfterSeconds: number | undefined,
  random: number,
): number | undefined {
  const seconds = retrySeconds[attempts - 1]
  if (seconds === undefined) return undefined
  const asked = Math.min(retryAfterSeconds ?? 0, maxRetryAfterSeconds)
  return Math.round(Math.max(seconds * (1 + jitterShare * random), asked) * 1000)
}
