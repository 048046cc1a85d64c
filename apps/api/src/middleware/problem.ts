import { MomentryError } from '@momentry/shared/errors.ts'
import { isPostgresUnavailable } from '@momentry/shared/platform/postgres/client.ts'
import type { Logger } from '@momentry/shared/platform/process/log.ts'
import { isRedisUnavailable } from '@momentry/shared/platform/redis/client.ts'
import type { Context } from 'hono'
import { HTTPException } from 'hono/http-exception'
import type { ApiEnv } from '../http/env.ts'
import { makeProblem, problemMediaType } from '../http/problem.ts'
import type { ApiMetrics } from '../wiring/metrics.ts'

/** Answers with a problem (RFC 9457). */
export function answerProblem(
  c: Context<ApiEnv>,
  error: MomentryError,
  headers: Record<string, string> = {},
): Response {
  const problem = makeProblem(error, c.get('requestId'), c.get('limits'))
  return c.body(JSON.stringify(problem), problem.status, {
    'content-type': problemMediaType,
    ...(error.retryAfterSeconds !== undefined && { 'retry-after': String(error.retryAfterSeconds) }),
    // The rest of the body is not read, so the connection cannot carry another request.
    ...(error.code === 'PAYLOAD_TOO_LARGE' && { connection: 'close' }),
    ...(error.code === 'UNAUTHENTICATED' && { 'www-authenticate': 'Bearer' }),
    ...headers,
  })
}

/** Turns whatever a handler throws into a problem; what nobody foresaw is logged, and the caller is told nothing of it. */
export function handleError({
  log,
  metrics,
}: {
  log: Logger
  metrics: ApiMetrics
}): (error: Error, c: Context<ApiEnv>) => Response {
  return (error, c) => {
    const known = recognise(error)
    if (known.code === 'LOCKED_OUT') metrics.lockedOut.inc()
    if (known.code === 'INTERNAL') log.error({ err: error, requestId: c.get('requestId') }, 'a request failed')
    return answerProblem(c, known)
  }
}

export function handleNotFound(c: Context<ApiEnv>): Response {
  return answerProblem(c, new MomentryError('NOT_FOUND', 'there is no such route'))
}

export function handleWrongMethod(c: Context<ApiEnv>, methods: string[]): Response {
  const allow = methods.join(', ')
  return answerProblem(c, new MomentryError('METHOD_NOT_ALLOWED', `possible here: ${allow}`), { allow })
}

function recognise(error: Error): MomentryError {
  if (error instanceof MomentryError) return error
  if (error instanceof HTTPException) return recogniseStatus(error.status)
  if (isPostgresUnavailable(error))
    return new MomentryError('DATABASE_UNAVAILABLE', 'the database cannot be reached just now', {
      retryAfterSeconds: 1,
    })
  if (isRedisUnavailable(error))
    return new MomentryError('REDIS_UNAVAILABLE', 'Redis cannot be reached just now', { retryAfterSeconds: 1 })
  return new MomentryError('INTERNAL', 'the request failed; its id tells the operators which one it was')
}

/** What the framework's own validators throw. */
function recogniseStatus(status: number): MomentryError {
  if (status === 415) return new MomentryError('UNSUPPORTED_MEDIA_TYPE', 'the body must be application/json')
  if (status === 413) return new MomentryError('PAYLOAD_TOO_LARGE', 'the body is too large')
  if (status === 400) return new MomentryError('MALFORMED_JSON', 'the body cannot be read as JSON')
  return new MomentryError('INTERNAL', 'the request failed')
}
