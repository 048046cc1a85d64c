import { z } from 'zod'

/**
 * A scope: `*`, or words apart by colons, the last of which may be `*` (`keys:read`, `billing:*`). Services may use
 * scopes of their own; Momentry's are those of DESIGN.md section 6.
 */
export const scopeSchema = z
  .string()
  .max(100)
  .regex(/^(\*|[a-z0-9_.-]+(:[a-z0-9_.-]+)*(:\*)?)$/, 'must be * or words of a-z 0-9 _ . - apart by colons')
  .meta({ description: 'A scope: `*`, or words apart by colons, the last of which may be `*`', example: 'keys:read' })

export const scopesSchema = z
  .array(scopeSchema)
  .max(100)
  .transform((scopes) => [...new Set(scopes)])

/** Tells whether someone who holds `held` holds `wanted` with it: `*` holds everything, `keys:*` holds `keys:read`. */
export function holdsScope(held: readonly string[], wanted: string): boolean {
  return held.some(
    (scope) => scope === '*' || scope === wanted || (scope.endsWith(':*') && wanted.startsWith(scope.slice(0, -1))),
  )
}

/** Gives those of `wanted` that `held` does not hold. */
export function missingScopes(held: readonly string[], wanted: readonly string[]): string[] {
  return wanted.filter((scope) => !holdsScope(held, scope))
}
