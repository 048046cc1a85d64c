/**
 * Every failure that Momentry tells a caller about, by its stable code. Transports map a code to their own status
 * (HTTP: `apps/api/src/middleware/problem.ts`, CLI: `apps/cli/src/exit-codes.ts`); nothing else invents codes.
 */
export const errorCodes = [
  'VALIDATION_FAILED',
  'MALFORMED_REQUEST',
  'MALFORMED_JSON',
  'UNAUTHENTICATED',
  'SIGNATURE_INVALID',
  'FORBIDDEN',
  'IP_NOT_ALLOWED',
  'SCOPE_NOT_HELD',
  'NOT_FOUND',
  'KEY_NOT_FOUND',
  'ANOMALY_NOT_FOUND',
  'ROTATION_NOT_FOUND',
  'JOB_NOT_FOUND',
  'CONNECTION_NOT_FOUND',
  'CREDENTIAL_NOT_FOUND',
  'BACKUP_NOT_FOUND',
  'SINK_NOT_FOUND',
  'DELIVERY_NOT_FOUND',
  'SILENCE_NOT_FOUND',
  'SESSION_NOT_FOUND',
  'METHOD_NOT_ALLOWED',
  'REQUEST_TIMEOUT',
  'CONFLICT',
  'KEY_REVOKED',
  'KEY_EXPIRED',
  'ROTATION_IN_PROGRESS',
  'NOT_CLAIMABLE',
  'GRACE_OVER',
  'INTEGRATION_NOT_CONFIGURED',
  'CONNECTION_NEEDED',
  'SCHEMA_TOO_NEW',
  'IDEMPOTENCY_KEY_REUSED',
  'BACKUP_DAMAGED',
  'PAYLOAD_TOO_LARGE',
  'UNSUPPORTED_MEDIA_TYPE',
  'HEADERS_TOO_LARGE',
  'LOCKED_OUT',
  'RATE_LIMITED',
  'QUOTA_EXCEEDED',
  'REMOTE_CREDENTIALS_REFUSED',
  'REMOTE_REFUSED',
  'REMOTE_BUSY',
  'REMOTE_UNREACHABLE',
  'REMOTE_FAILED',
  'DATABASE_UNAVAILABLE',
  'REDIS_UNAVAILABLE',
  'STORAGE_UNAVAILABLE',
  'CONFIG_INVALID',
  'INTERNAL',
] as const

export type ErrorCode = (typeof errorCodes)[number]

/** One thing wrong with an input: `pointer` is an RFC 6901 JSON pointer into it. */
export interface InputIssue {
  pointer: string
  detail: string
}

export interface MomentryErrorOptions {
  /** What is wrong with the input, where the failure lies there. */
  issues?: readonly InputIssue[]
  /** Seconds after which the same request may work. */
  retryAfterSeconds?: number
  cause?: unknown
}

/** The one error that Momentry throws on purpose. Its message is for people and never carries a secret. */
export class MomentryError extends Error {
  readonly code: ErrorCode
  readonly issues: readonly InputIssue[]
  readonly retryAfterSeconds: number | undefined

  constructor(code: ErrorCode, message: string, options: MomentryErrorOptions = {}) {
    super(message, options.cause === undefined ? undefined : { cause: options.cause })
    this.name = 'MomentryError'
    this.code = code
    this.issues = options.issues ?? []
    this.retryAfterSeconds = options.retryAfterSeconds
  }
}
