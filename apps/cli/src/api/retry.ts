const firstDelayMs = 200
const maxDelayMs = 5000
const maxRetryAfterMs = 30_000

/** Statuses that say "later": too many requests, and the three by which a server or a proxy says that it is away. */
const laterStatuses = [429, 502, 503, 504]

/**
 * Tells whether a request may be sent again: only one whose repetition changes nothing.
 * What another system said (`REMOTE_…`) is no reason: Momentry has tried that again already, as far as it may be.
 * @param status what was answered; undefined where nothing was
 * @param code the problem's own, where there was one
 */
export function mayRetry(
  request: { method: string; idempotencyKey?: string },
  status: number | undefined,
  code: string | undefined,
): boolean {
  if (code?.startsWith('REMOTE_')) return false
  const isSafe = request.method === 'GET' || request.idempotencyKey !== undefined
  return isSafe && (status === undefined || laterStatuses.includes(status))
}

/**
 * Gives how long to wait before the next try, in milliseconds: what `Retry-After` asks for (RFC 9110, in seconds), else
 * twice as long each time. Half of it is left to chance, so that many clients do not come back at once.
 * @param tries how many there were so far, from 1
 */
export function retryDelayMs(tries: number, headers?: Headers, chance: () => number = Math.random): number {
  const asked = headers?.get('retry-after') ?? ''
  if (/^\d{1,6}$/.test(asked)) return Math.min(Number(asked) * 1000, maxRetryAfterMs) + chance() * firstDelayMs
  const delay = Math.min(firstDelayMs * 2 ** Math.min(tries - 1, 10), maxDelayMs)
  return delay * (0.5 + chance() / 2)
}
