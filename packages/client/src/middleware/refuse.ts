import { MomentryClientError } from '../errors.ts'
import { limitHeaders } from '../validation/limits.ts'
import type { InvalidVerdict } from '../validation/verdict.ts'
import type { KeyCheckOptions, Refusal } from './options.ts'

type Asking = Pick<KeyCheckOptions, 'header' | 'realm' | 'scopes'>

/** How long a client of the service is asked to wait where Momentry does not say. */
const retryAfterSeconds = 2

/** Codes that a good key can come back from: the rest means that the key is not, or no longer, good. */
const statuses: Readonly<Record<string, number>> = {
  INSUFFICIENT_SCOPE: 403,
  IP_NOT_ALLOWED: 403,
  RATE_LIMITED: 429,
  QUOTA_EXCEEDED: 429,
}

/** Refuses a request that came without a secret. */
export function refuseNameless(asking: Asking): Refusal {
  const detail = asking.header === undefined ? 'send Authorization: Bearer <key>' : `send ${asking.header}: <key>`
  return problem(401, 'UNAUTHENTICATED', detail, { 'www-authenticate': challenge(asking) })
}

/** Refuses a request by what Momentry said of its secret. */
export function refuseInvalid(verdict: InvalidVerdict, asking: Asking): Refusal {
  const { code } = verdict
  const status = statuses[code] ?? 401
  const detail = `the key is not accepted: ${code}`
  if (status === 401) return problem(401, code, detail, { 'www-authenticate': challenge(asking, 'invalid_token') })
  if (status === 429) return refuseOver(verdict, detail)
  if (code !== 'INSUFFICIENT_SCOPE') return problem(status, code, detail)
  return problem(status, code, detail, { 'www-authenticate': challenge(asking, 'insufficient_scope') })
}

/** Refuses a request of a key that is over its limits, and tells when to come back. */
function refuseOver(
  { code, limits, retryAfterSeconds: seconds, problemType }: InvalidVerdict,
  detail: string,
): Refusal {
  const headers = { 'retry-after': String(seconds ?? retryAfterSeconds), ...limitHeaders(limits) }
  return problem(429, code, detail, headers, problemType)
}

/**
 * Refuses a request about which there is no verdict. What Momentry has against the service itself (its key, its URL) is no
 * fault of the client's, so it is a 503 as well; an address that is locked out is told so.
 */
export function refuseUnknown(error: unknown): Refusal {
  const seconds = error instanceof MomentryClientError ? error.retryAfterSeconds : undefined
  const headers = { 'retry-after': String(seconds ?? retryAfterSeconds) }
  if (error instanceof MomentryClientError && error.code === 'LOCKED_OUT')
    return problem(429, 'LOCKED_OUT', 'too many failed attempts from this address', headers)
  return problem(503, 'KEY_CHECK_UNAVAILABLE', 'keys cannot be checked just now', headers)
}

const titles: Readonly<Record<number, string>> = {
  401: 'A valid key is needed',
  403: 'The key may not do this',
  429: 'Too many requests',
  503: 'The service is not available',
}

/** RFC 9457. */
function problem(
  status: number,
  code: string,
  detail: string,
  headers: Record<string, string> = {},
  type = `urn:momentry:problem:${code}`,
): Refusal {
  const body = { type, title: titles[status], status, detail, code }
  return {
    status,
    headers: { 'content-type': 'application/problem+json', 'cache-control': 'no-store', ...headers },
    body: JSON.stringify(body),
  }
}

/** RFC 6750 section 3; for a header of the service's own, a scheme that says as much. */
function challenge({ header, realm = 'api', scopes = [] }: Asking, error?: 'invalid_token' | 'insufficient_scope') {
  const parts = [`realm="${realm}"`]
  if (header !== undefined) parts.push(`header="${header}"`)
  if (error !== undefined) parts.push(`error="${error}"`)
  if (error === 'insufficient_scope') parts.push(`scope="${scopes.join(' ')}"`)
  return `${header === undefined ? 'Bearer' : 'ApiKey'} ${parts.join(', ')}`
}
