import { createRoute, type RouteConfig, z } from '@hono/zod-openapi'
import { type ErrorCode, errorCodes } from '@momentry/shared/errors.ts'
import type { MiddlewareHandler } from 'hono'
import { requireReadable } from '../middleware/body.ts'
import { requireKey } from '../middleware/require-key.ts'
import { limitHeaderShape } from './answers/limit-headers.ts'
import { makeProblem, problemMediaType, problemSchema, problems } from './answers/problem.ts'
import type { ApiEnv } from './env.ts'

/** Momentry's own scopes (DESIGN.md section 6). */
export type RouteScope =
  | 'keys:read'
  | 'keys:write'
  | 'usage:write'
  | 'anomalies:read'
  | 'anomalies:write'
  | 'alerts:read'
  | 'alerts:write'
  | 'audit:read'
  | 'rotations:read'
  | 'rotations:write'
  | 'jobs:read'
  | 'jobs:write'
  | 'integrations:write'
  | 'lockouts:read'
  | 'lockouts:write'
  | 'backups:write'
  | 'settings:read'
  | 'settings:write'
  | 'system:read'

/** How a key that was sent can be refused, whatever the route is. */
export const keyProblems = [
  'UNAUTHENTICATED',
  'IP_NOT_ALLOWED',
  'LOCKED_OUT',
  'RATE_LIMITED',
  'QUOTA_EXCEEDED',
  'DATABASE_UNAVAILABLE',
] as const

export interface RouteRules {
  /** What the caller's key must hold; `self` for any valid key, about itself; `none` for a route that anyone may call. */
  scope: RouteScope | 'self' | 'none'
  /** Errors of this route's own, beside those that its scope, its body and its parameters bring. */
  problems?: readonly ErrorCode[]
  /** Answers, for whom the scope lets through, what it can read by itself; all else goes on to the checks of the body. */
  shortcut?: MiddlewareHandler<ApiEnv>
}

/**
 * Declares a route: the only way in which one is made, so that none can be without a scope, and each shows all of its
 * errors in the OpenAPI document.
 */
export function declareRoute<P extends string, R extends Omit<RouteConfig, 'path' | 'middleware'> & { path: P }>(
  rules: RouteRules,
  config: R,
): R & ReturnType<typeof createRoute<P, R>> {
  const open = rules.scope === 'none'
  const responses = {
    ...problemResponses(listProblems(rules, config)),
    ...config.responses,
    ...(isLimited(rules) && withLimitHeaders(config.responses)),
  }
  const middleware = [
    ...(open ? [] : [requireKey(rules.scope === 'self' ? undefined : rules.scope)]),
    ...(rules.shortcut ? [rules.shortcut] : []),
    ...(config.request?.body ? [requireReadable()] : []),
  ]
  return createRoute({
    ...config,
    responses,
    middleware,
    security: open ? [] : securityOf(rules.scope === 'self' ? [] : [rules.scope]),
    ...(!open && { description: withScope(config.description, rules.scope) }),
  })
}

/** A secret, or a session that was opened with one, serves alike. */
function securityOf(scopes: string[]): Record<string, string[]>[] {
  return [{ bearer: scopes }, { session: scopes }]
}

/** What a key asks about itself counts against none of its limits. */
function isLimited({ scope }: RouteRules): boolean {
  return scope !== 'none' && scope !== 'self'
}

/** A key with limits is told what is left of them in every answer. */
function withLimitHeaders(responses: RouteConfig['responses']): RouteConfig['responses'] {
  return Object.fromEntries(
    Object.entries(responses).map(([status, response]) => {
      if ('$ref' in response) return [status, response]
      const own = response.headers instanceof z.ZodObject ? response.headers : z.object({})
      return [status, { ...response, headers: own.extend(limitHeaderShape) }]
    }),
  )
}

function withScope(description: string | undefined, scope: string): string {
  const needs = scope === 'self' ? 'Needs a valid key, and no scope.' : `Needs the scope \`${scope}\`.`
  return [description, needs].filter(Boolean).join('\n\n')
}

function listProblems(rules: RouteRules, { request }: { request?: RouteConfig['request'] }): Set<ErrorCode> {
  const codes = new Set<ErrorCode>(rules.problems)
  const add = (condition: boolean, ...more: ErrorCode[]) => {
    if (condition) for (const code of more) codes.add(code)
  }
  add(request !== undefined, 'VALIDATION_FAILED')
  add(request?.body !== undefined, 'MALFORMED_JSON', 'PAYLOAD_TOO_LARGE', 'UNSUPPORTED_MEDIA_TYPE')
  add(rules.scope !== 'none', ...keyProblems, 'FORBIDDEN')
  if (rules.scope === 'self') for (const code of ['RATE_LIMITED', 'QUOTA_EXCEEDED'] as const) codes.delete(code)
  add(true, 'INTERNAL')
  return codes
}

function problemResponses(codes: ReadonlySet<ErrorCode>): RouteConfig['responses'] {
  const byStatus = Map.groupBy(
    errorCodes.filter((code) => codes.has(code)),
    (code) => problems[code].status,
  )
  return Object.fromEntries([...byStatus].map(([status, group]) => [status, problemResponse(group)]))
}

/** By their codes: most routes have the same ones, and each would be made a hundred times at a start. */
const madeBefore = new Map<string, RouteConfig['responses'][string]>()

function problemResponse(codes: readonly ErrorCode[]): RouteConfig['responses'][string] {
  const name = codes.join()
  const response = madeBefore.get(name) ?? makeProblemResponse(codes)
  madeBefore.set(name, response)
  return response
}

function makeProblemResponse(codes: readonly ErrorCode[]): RouteConfig['responses'][string] {
  const examples = codes.map((code) => {
    const error = { code, message: problems[code].title, issues: [] }
    return [code, { value: makeProblem(error, '019a0000-0000-7000-8000-000000000000', { violated: ['burst'] }) }]
  })
  return {
    description: codes.map((code) => `\`${code}\`: ${problems[code].title}`).join('; '),
    ...(codes.includes('RATE_LIMITED') && { headers: z.object(limitHeaderShape) }),
    content: { [problemMediaType]: { schema: problemSchema, examples: Object.fromEntries(examples) } },
  }
}
