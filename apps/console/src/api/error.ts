import type { components } from './schema.d.ts'

export type Problem = components['schemas']['Problem']

/** What the API answered instead of data, or that it could not be reached (`status` 0). */
export class ApiError extends Error {
  readonly status: number
  /** The API's stable code; `UNREACHABLE` and `UNEXPECTED` are the console's own. */
  readonly code: string
  readonly title: string
  /** What is wrong with the input, by JSON pointer. */
  readonly issues: readonly { pointer: string; detail: string }[]
  readonly requestId: string | undefined
  readonly retryAfterSeconds: number | undefined

  constructor(problem: {
    status: number
    code: string
    title: string
    detail: string
    issues?: readonly { pointer: string; detail: string }[]
    requestId?: string | undefined
    retryAfterSeconds?: number | undefined
  }) {
    super(problem.detail)
    this.name = 'ApiError'
    this.status = problem.status
    this.code = problem.code
    this.title = problem.title
    this.issues = problem.issues ?? []
    this.requestId = problem.requestId
    this.retryAfterSeconds = problem.retryAfterSeconds
  }
}

/** Makes an error of an answer that is none of the good ones. @param body what it held, parsed where it was JSON */
export function errorOf(response: Response, body: unknown): ApiError {
  const retryAfter = Number(response.headers.get('retry-after') ?? Number.NaN)
  const retryAfterSeconds = Number.isFinite(retryAfter) ? retryAfter : undefined
  if (!isProblem(body))
    return new ApiError({
      status: response.status,
      code: 'UNEXPECTED',
      title: 'An answer that was not expected',
      detail: `The server answered with status ${response.status}.`,
      retryAfterSeconds,
    })
  return new ApiError({
    status: body.status,
    code: body.code,
    title: body.title,
    detail: body.detail,
    issues: body.errors ?? [],
    requestId: body.requestId,
    retryAfterSeconds,
  })
}

/** Gives any failure as one that can be shown. */
export function toApiError(error: unknown): ApiError {
  if (error instanceof ApiError) return error
  // What fetch throws has no words for people, and differs from browser to browser.
  return new ApiError({
    status: 0,
    code: 'UNREACHABLE',
    title: 'The server is out of reach',
    detail: 'No answer came. Check the connection, then try again.',
  })
}

/** The detail of the issue at a field of the body, for its input. @param pointer as `/name` */
export function issueAt(error: unknown, pointer: string): string | undefined {
  if (!(error instanceof ApiError)) return undefined
  return error.issues.find((issue) => issue.pointer === pointer || issue.pointer.startsWith(`${pointer}/`))?.detail
}

function isProblem(body: unknown): body is Problem {
  return typeof body === 'object' && body !== null && 'code' in body && 'detail' in body && 'status' in body
}
