import { z } from '@hono/zod-openapi'
import type { LimitOutcome } from '@momentry/shared/limits/limits.ts'

/** As the OpenAPI document shows them. */
export const limitHeaderShape = {
  ratelimit: z.string().optional().meta({
    description:
      'What a key has left of its limits, where it has any, such as `"burst";r=99;t=60`: `r` requests, all of them again in `t` seconds',
  }),
  'ratelimit-policy': z
    .string()
    .optional()
    .meta({ description: 'What its limits are, such as `"burst";q=100;w=60`: `q` requests within `w` seconds' }),
}

/**
 * Headers that tell of a key's limits, as structured fields (draft-ietf-httpapi-ratelimit-headers-11 sections 3 and 4).
 * None for a key without.
 */
export function limitHeaders(limits: LimitOutcome | undefined): Record<string, string> {
  if (!limits || limits.states.length === 0) return {}
  const { states } = limits
  return {
    'ratelimit-policy': states
      .map(({ name, limit, windowSeconds }) => `"${name}";q=${limit};w=${windowSeconds}`)
      .join(', '),
    ratelimit: states
      .map(({ name, remaining, resetSeconds }) => `"${name}";r=${remaining};t=${resetSeconds}`)
      .join(', '),
  }
}
