import { z } from '@hono/zod-openapi'
import { type ErrorCode, errorCodes, type MomentryError } from '@momentry/shared/errors.ts'
import { type LimitOutcome, problemTypeOf } from '@momentry/shared/limits/limits.ts'
import { hideSecrets } from '@momentry/shared/platform/hide-secrets.ts'

/** Each error's HTTP status and title. */
export const problems = {
  VALIDATION_FAILED: { status: 400, title: 'The request is not valid' },
  MALFORMED_REQUEST: { status: 400, title: 'The request is not HTTP as it should be' },
  MALFORMED_JSON: { status: 400, title: 'The body is not JSON' },
  UNAUTHENTICATED: { status: 401, title: 'A valid key is needed' },
  SIGNATURE_INVALID: { status: 401, title: 'The signature does not fit the body' },
  FORBIDDEN: { status: 403, title: 'The key lacks a scope' },
  IP_NOT_ALLOWED: { status: 403, title: 'The key may not be used from this address' },
  SCOPE_NOT_HELD: { status: 403, title: 'Scopes that are not held cannot be granted' },
  NOT_FOUND: { status: 404, title: 'There is nothing here' },
  KEY_NOT_FOUND: { status: 404, title: 'There is no such key' },
  ANOMALY_NOT_FOUND: { status: 404, title: 'There is no such anomaly' },
  ROTATION_NOT_FOUND: { status: 404, title: 'There is no such rotation' },
  JOB_NOT_FOUND: { status: 404, title: 'There is no such job' },
  CONNECTION_NOT_FOUND: { status: 404, title: 'There is no such connection' },
  CREDENTIAL_NOT_FOUND: { status: 404, title: 'There is no such credential' },
  BACKUP_NOT_FOUND: { status: 404, title: 'There is no such backup' },
  SINK_NOT_FOUND: { status: 404, title: 'There is no such alert sink' },
  DELIVERY_NOT_FOUND: { status: 404, title: 'There is no such delivery' },
  SILENCE_NOT_FOUND: { status: 404, title: 'There is no such silence' },
  SESSION_NOT_FOUND: { status: 404, title: 'There is no such session' },
  METHOD_NOT_ALLOWED: { status: 405, title: 'The method is not possible here' },
  REQUEST_TIMEOUT: { status: 408, title: 'The request came too slowly' },
  CONFLICT: { status: 409, title: 'It is not in the state for that' },
  KEY_REVOKED: { status: 409, title: 'The key is revoked' },
  KEY_EXPIRED: { status: 409, title: 'The key has expired' },
  ROTATION_IN_PROGRESS: { status: 409, title: 'A rotation of the key is not over yet' },
  NOT_CLAIMABLE: { status: 409, title: 'There is no successor to claim' },
  GRACE_OVER: { status: 409, title: 'The grace is over' },
  INTEGRATION_NOT_CONFIGURED: { status: 409, title: 'The integration is not set up' },
  CONNECTION_NEEDED: { status: 409, title: 'It takes a stored connection' },
  SCHEMA_TOO_NEW: { status: 409, title: 'It was made by a newer version' },
  PAYLOAD_TOO_LARGE: { status: 413, title: 'The body is too large' },
  UNSUPPORTED_MEDIA_TYPE: { status: 415, title: 'The body must be application/json' },
  IDEMPOTENCY_KEY_REUSED: { status: 422, title: 'The Idempotency-Key belongs to another request' },
  BACKUP_DAMAGED: { status: 422, title: 'The backup is damaged' },
  REMOTE_CREDENTIALS_REFUSED: { status: 422, title: 'The other system refused the account' },
  REMOTE_REFUSED: { status: 422, title: 'The other system refused' },
  HEADERS_TOO_LARGE: { status: 431, title: 'The headers are too large' },
  LOCKED_OUT: { status: 429, title: 'The address is locked out' },
  RATE_LIMITED: { status: 429, title: 'The key is used too often' },
  QUOTA_EXCEEDED: { status: 429, title: "The key's quota is used up" },
  CONFIG_INVALID: { status: 500, title: 'Something went wrong' },
  INTERNAL: { status: 500, title: 'Something went wrong' },
  REMOTE_UNREACHABLE: { status: 502, title: 'The other system is out of reach' },
  REMOTE_FAILED: { status: 502, title: 'The other system failed' },
  REMOTE_BUSY: { status: 503, title: 'The other system wants fewer requests' },
  DATABASE_UNAVAILABLE: { status: 503, title: 'The database is out of reach' },
  REDIS_UNAVAILABLE: { status: 503, title: 'Redis is out of reach' },
  STORAGE_UNAVAILABLE: { status: 503, title: 'The storage of backups is out of reach' },
} as const satisfies Record<ErrorCode, { status: number; title: string }>

/** RFC 9457. `code` is stable: programs decide by it. */
export const problemSchema = z
  .object({
    type: z.string().meta({ description: 'A URI that names the code' }),
    title: z.string(),
    status: z.int(),
    detail: z.string(),
    code: z.enum(errorCodes),
    errors: z.array(
      z.object({
        pointer: z.string().meta({ description: 'RFC 6901 JSON pointer into the body, the query or the path' }),
        detail: z.string(),
      }),
    ),
    'violated-policies': z
      .array(z.string())
      .optional()
      .meta({ description: 'Of a key that is over its limits: the names of those' }),
    requestId: z.string(),
  })
  .meta({ id: 'Problem' })
export type Problem = z.infer<typeof problemSchema>

export const problemMediaType = 'application/problem+json'

/**
 * Makes a problem's body. Whatever looks like a secret in it is hidden, since parts may come from the request.
 * @param limits what the limits of the caller's key said; they tell more of a problem that is about them
 */
export function makeProblem(
  error: Pick<MomentryError, 'code' | 'message' | 'issues'>,
  requestId: string,
  limits?: Pick<LimitOutcome, 'violated'>,
): Problem & { status: (typeof problems)[ErrorCode]['status'] } {
  const { status, title } = problems[error.code]
  const isOverLimit = error.code === 'RATE_LIMITED' || error.code === 'QUOTA_EXCEEDED'
  const over = isOverLimit ? limits : undefined
  return {
    type: over ? problemTypeOf(over) : `urn:momentry:problem:${error.code}`,
    title,
    status,
    detail: hideSecrets(error.message),
    code: error.code,
    errors: error.issues.map(({ pointer, detail }) => ({ pointer: hideSecrets(pointer), detail: hideSecrets(detail) })),
    ...(over && { 'violated-policies': [...over.violated] }),
    requestId,
  }
}
