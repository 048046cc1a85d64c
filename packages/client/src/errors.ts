/**
 * What went wrong, for a program to decide by:
 * - `refused`: Momentry answered, and said no (`status`, `code`); the same request will be refused again
 * - `unavailable`: nobody answered, or the answer was "later" (a status from 500 on); the same request may work later
 * - `timeout`: no answer came in time; the request may have been carried out
 * - `protocol`: what answered is not Momentry's API: a wrong URL, or something between that changes answers
 */
export type FailureKind = 'refused' | 'unavailable' | 'timeout' | 'protocol'

/** One thing wrong with a request: `pointer` is an RFC 6901 JSON pointer into its body. */
export interface InputIssue {
  pointer: string
  detail: string
}

export interface MomentryClientErrorOptions {
  /** HTTP status of the answer, where there was one. */
  status?: number | undefined
  /** Momentry's stable code, where the answer had one. */
  code?: string | undefined
  /** Seconds after which the same request may work, where the answer said so. */
  retryAfterSeconds?: number | undefined
  issues?: readonly InputIssue[] | undefined
  /** Momentry's name of the request, for its operators. */
  requestId?: string | undefined
}

/**
 * The one error that this package throws for what happens between it and Momentry. Its message is for people. It has no
 * `cause` on purpose: errors of `fetch` and of JSON quote what they were given, and that may hold a secret.
 */
export class MomentryClientError extends Error {
  readonly kind: FailureKind
  readonly status: number | undefined
  readonly code: string | undefined
  readonly retryAfterSeconds: number | undefined
  readonly issues: readonly InputIssue[]
  readonly requestId: string | undefined

  constructor(kind: FailureKind, message: string, options: MomentryClientErrorOptions = {}) {
    super(message)
    this.name = 'MomentryClientError'
    this.kind = kind
    this.status = options.status
    this.code = options.code
    this.retryAfterSeconds = options.retryAfterSeconds
    this.issues = options.issues ?? []
    this.requestId = options.requestId
  }
}
