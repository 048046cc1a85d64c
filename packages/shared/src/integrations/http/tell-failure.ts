/** What went wrong on the way to another system. */
export interface NetworkFailure {
  /** In words, without anything that was sent. */
  reason: string
  /** The request certainly never reached it. */
  unsent: boolean
  /** Another try may go better. */
  transient: boolean
}

const unsentCodes: Readonly<Record<string, string>> = {
  ECONNREFUSED: 'connection refused',
  ENOTFOUND: 'there is no such host',
  EAI_AGAIN: 'its name could not be looked up',
  EHOSTUNREACH: 'there is no way to the host',
  ENETUNREACH: 'there is no way to its network',
  UND_ERR_CONNECT_TIMEOUT: 'it took too long to connect',
}
const cutCodes: Readonly<Record<string, string>> = {
  ECONNRESET: 'the connection was cut',
  EPIPE: 'the connection was cut',
  UND_ERR_SOCKET: 'the connection was cut',
  UND_ERR_HEADERS_TIMEOUT: 'it took too long to answer',
  UND_ERR_BODY_TIMEOUT: 'it took too long to answer',
  ETIMEDOUT: 'it took too long to answer',
}
const certificate = /CERT|SIGNATURE|TLS|SSL|ISSUER/

/** Says why a request failed, from what undici threw; its errors hold headers and are not passed on. */
export function tellFailure(error: unknown): NetworkFailure {
  const code = codeOf(error)
  const unsent = unsentCodes[code]
  if (unsent) return { reason: unsent, unsent: true, transient: true }
  if (error instanceof Error && error.name === 'TimeoutError')
    return { reason: 'it took too long to answer', unsent: false, transient: true }
  if (certificate.test(code))
    return { reason: `its certificate is not trusted (${code})`, unsent: true, transient: false }
  return { reason: cutCodes[code] ?? 'the connection failed', unsent: false, transient: true }
}

function codeOf(error: unknown): string {
  for (let inner: unknown = error, depth = 0; inner instanceof Error && depth < 5; inner = inner.cause, depth += 1) {
    if ('code' in inner && typeof inner.code === 'string') return inner.code
  }
  return ''
}
