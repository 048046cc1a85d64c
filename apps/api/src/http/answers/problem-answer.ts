import type { MomentryError } from '@momentry/shared/errors.ts'
import type { LimitOutcome } from '@momentry/shared/limits/limits.ts'
import { makeProblem, problemMediaType, type problems } from './problem.ts'

export interface ProblemAnswer {
  status: (typeof problems)[keyof typeof problems]['status']
  headers: Record<string, string>
  body: string
}

/**
 * Makes the answer to a request that cannot be served (RFC 9457).
 * @param told.limits what the limits of the caller's key said
 */
export function problemAnswer(
  error: MomentryError,
  told: { requestId: string; limits?: Pick<LimitOutcome, 'violated'> | undefined },
): ProblemAnswer {
  const problem = makeProblem(error, told.requestId, told.limits)
  return {
    status: problem.status,
    headers: {
      'content-type': problemMediaType,
      ...(error.retryAfterSeconds !== undefined && { 'retry-after': String(error.retryAfterSeconds) }),
      // The rest of the body is not read, so the connection cannot carry another request.
      ...(error.code === 'PAYLOAD_TOO_LARGE' && { connection: 'close' }),
      ...(error.code === 'UNAUTHENTICATED' && { 'www-authenticate': 'Bearer' }),
    },
    body: JSON.stringify(problem),
  }
}
