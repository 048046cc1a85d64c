import { MomentryError } from '@momentry/shared/errors.ts'
import { isPostgresUnavailable } from '@momentry/shared/platform/postgres/client.ts'
import type { Logger } from '@momentry/shared/platform/process/log.ts'
import { isRedisUnavailable } from '@momentry/shared/platform/redis/client.ts'
import type { Context } from 'hono'
import { HTTPException } from 'hono/http-exception'
import { problemAnswer } from '../http/answers/problem-answer.ts'
import type { ApiEnv } from '../http/env.ts'
import type { ApiMetrics } from '../wiring/metrics.ts'

/** Answers with a problem (RFC 9457). */
export function answerProblem(
  c: Context<ApiEnv>,
  error: MomentryError,
  headers: Record<string, string> = {},
): Response {
  const answer = problemAnswer(error, { requestId: c.get('requestId'), limits: c.get('limits') })
  return c.body(answer.body, answer.status, { ...answer.headers, ...headers })
}

/** Turns whatever a handler throws into a problem. */
export function handleError(deps: ErrorDeps): (error: Error, c: Context<ApiEnv>) => Response {
  return (error, c) => answerProblem(c, recogniseError(deps, error, c.get('requestId')))
}

interface ErrorDeps {
  log: Logger
  metrics: ApiMetrics
}

/** Tells what a caller is told of an error; what nobody foresaw is logged, and the caller is told nothing of it. */
export function recogniseError({ log, metrics }: ErrorDeps, error: unknown, requestId: string): MomentryError {
  const known = recognise(error)
  if (known.code === 'LOCKED_OUT') metrics.lockedOut.inc()
  if (known.code === 'INTERNAL') log.error({ err: error, requestId }, 'a request failed')
  return known
}

export function handleNotFound(c: Context<ApiEnv>): Response {
  return answerProblem(c, new MomentryError('NOT_FOUND', 'there is no such route'))
}

export function handleWrongMethod(c: Context<ApiEnv>, methods: string[]): Response {
  const allow = methods.join(', ')
  return answerProblem(c, new MomentryError('METHOD_NOT_ALLOWED', `possible here: ${allow}`), { allow })
}

function recognise(error: unknown): MomentryError {
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
