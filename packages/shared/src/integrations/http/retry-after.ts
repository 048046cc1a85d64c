/** Nobody waits longer than a day because a header says so. */
const longestSeconds = 86_400

/**
 * Reads `Retry-After` (RFC 9110 section 10.2.3): seconds, or a date.
 * @param now ms since 1970
 * @returns whole seconds from now; undefined where there is none that can be read
 */
export function parseRetryAfter(text: string | null, now: number): number | undefined {
  if (text === null) return undefined
  const seconds = /^\d{1,9}$/.test(text.trim()) ? Number(text) : Math.ceil((Date.parse(text) - now) / 1000)
  return Number.isNaN(seconds) ? undefined : Math.min(Math.max(seconds, 0), longestSeconds)
}
