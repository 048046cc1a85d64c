/** What went wrong on the way to another system. */
export interface NetworkFailure {
  /** In words, without anything that was sent. */
  reason: string
  /** The request certainly never reached it. */
  unsent: boolean
  /** Another try at once may go better. */
  transient: boolean
}

const unsentCodes: Readonly<Record<string, string>> = {
  ECONNREFUSED: 'connection refused',
  ENOTFOUND: 'there is no such host',
  EAI_AGAIN: 'its name could not be looked up',
  EHOSTUNREACH: 'there is no way to the host',
  ENETUNREACH: 'there is no way to its network',
  UND_ERR_CONNECT_TIMEOUT: 'it took too long to connect',
  UND_ERR_PRX_CONN: 'the proxy cut the connection',
}
const cutCodes: Readonly<Record<string, string>> = {
  ECONNRESET: 'the connection was cut',
  EPIPE: 'the connection was cut',
  UND_ERR_SOCKET: 'the connection was cut',
  UND_ERR_RES_CONTENT_LENGTH_MISMATCH: 'the connection was cut',
}
/** Who asked has waited for the whole time already: the next try is theirs. */
const slowCodes = new Set(['UND_ERR_HEADERS_TIMEOUT', 'UND_ERR_BODY_TIMEOUT', 'ETIMEDOUT'])
/** What the proxy answered, which undici tells in its messages alone. */
const proxyStatus = /^Proxy response \((\d{3})\)|^Proxy Authentication Required \((407)\)/

/** Says why a request failed, from what undici threw; its errors may hold what was sent, and are not passed on. */
export function tellFailure(error: unknown): NetworkFailure {
  const { code, message, name } = innermost(error)
  const unsent = unsentCodes[code]
  if (unsent !== undefined) return { reason: unsent, unsent: true, transient: true }
  if ((error instanceof Error && error.name === 'TimeoutError') || slowCodes.has(code))
    return { reason: 'it took too long to answer', unsent: false, transient: false }
  const cut = cutCodes[code]
  if (cut !== undefined) return { reason: cut, unsent: false, transient: true }
  const [, refused, unknown] = proxyStatus.exec(message) ?? []
  const status = refused ?? unknown
  if (status !== undefined)
    return { reason: `the proxy answered ${status}`, unsent: true, transient: Number(status) >= 500 }
  return { reason: tellMismatch(name === 'HTTPParserError' ? name : code), unsent: false, transient: false }
}

/** What no other try changes. */
function tellMismatch(code: string): string {
  if (/^(EPROTO|ERR_SSL_)/.test(code)) return `it does not speak TLS as it should (${code})`
  if (/CERT|SIGNATURE|ISSUER|UND_ERR_PRX_TLS/.test(code)) return `its certificate is not trusted (${code})`
  if (/^(HTTPParserError|UND_ERR_HEADERS_OVERFLOW)$/.test(code))
    return `its answer is not HTTP as it should be (${code})`
  return /^[A-Z_]{1,60}$/.test(code) ? `the connection failed (${code})` : 'the connection failed'
}

/** The first error along the causes that has a code; the last one where none has. */
function innermost(error: unknown): { code: string; message: string; name: string } {
  let found = { code: '', message: '', name: '' }
  for (let inner: unknown = error, depth = 0; inner instanceof Error && depth < 5; inner = inner.cause, depth += 1) {
    const code = 'code' in inner && typeof inner.code === 'string' ? inner.code : ''
    found = { code, message: inner.message, name: inner.name }
    if (code !== '') return found
  }
  return found
}
