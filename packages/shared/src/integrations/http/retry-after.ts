/** Nobody waits longer because a header says so: behind a date may be a clock that is wrong. */
const longestSeconds = 3_600

/**
 * Reads `Retry-After` (RFC 9110 section 10.2.3): seconds, or a date.
 * @param now ms since 1970
 * @param most seconds; nobody waits longer
 * @returns whole seconds from now; undefined where there is none that can be read
 */
export function parseRetryAfter(text: string | null, now: number, most = longestSeconds): number | undefined {
  if (text === null) return undefined
  const seconds = /^\d{1,9}$/.test(text.trim()) ? Number(text) : Math.ceil((Date.parse(text) - now) / 1000)
  return Number.isNaN(seconds) ? undefined : Math.min(Math.max(seconds, 0), most)
}
