import { z } from 'zod'

/** What a key has left of one of its limits. */
export interface Limit {
  /** The name of a rate limit, `quota`, or `throttle`. */
  readonly name: string
  readonly limit: number
  readonly remaining: number
  /** Until all of it is there again. */
  readonly resetSeconds: number
  readonly windowSeconds: number
}

const count = z.int().min(0)

/** Names go into headers, so they are as Momentry lets them be. */
export const limitsSchema = z
  .array(
    z.object({
      name: z.string().regex(/^[\w.-]{1,100}$/),
      limit: count,
      remaining: count,
      resetSeconds: count,
      windowSeconds: count,
    }),
  )
  .max(20)

/**
 * Headers that tell the client of a service of its key's limits, as structured fields
 * (draft-ietf-httpapi-ratelimit-headers-11 sections 3 and 4).
 */
export function limitHeaders(limits: readonly Limit[] | undefined): Record<string, string> {
  if (!limits || limits.length === 0) return {}
  const list = (write: (limit: Limit) => string) => limits.map((limit) => `"${limit.name}";${write(limit)}`).join(', ')
  return {
    'ratelimit-policy': list(({ limit, windowSeconds }) => `q=${limit};w=${windowSeconds}`),
    ratelimit: list(({ remaining, resetSeconds }) => `r=${remaining};t=${resetSeconds}`),
  }
}
