import { MomentryError } from '../../errors.ts'

export interface RemoteRequest {
  method: 'GET' | 'POST' | 'PATCH' | 'DELETE'
  /** Below the server's base URL; who asks encodes its segments. */
  path: string
  query?: Readonly<Record<string, string | number>> | undefined
  /** Credentials go here or into the body, nowhere else. */
  headers?: Readonly<Record<string, string>> | undefined
  /** Sent as JSON. */
  body?: unknown
  /** Sending it twice does no harm; undefined: of GET and DELETE. */
  repeatable?: boolean | undefined
  /** What a 429 to it concerns, such as one account's sign-ins; undefined: everything that the server is asked. */
  pauses?: string | undefined
}

/** A request as it goes over the wire. */
export interface PreparedRequest {
  method: string
  url: URL
  headers: Headers
  body: string | null
  mayRepeat: boolean
  pauses: string
}

/** `.` and `..`, which URLs are cleaned of: behind them may be another place than the one that was meant. */
const dotSegment = /\/(?:\.|%2e){1,2}(?=\/|$)/i

/**
 * Makes a request ready to be sent, as often as it takes.
 * @param title what people call the system
 * @throws MomentryError `VALIDATION_FAILED` for a name that cannot stand in a path, or a text that cannot stand in a header
 */
export function prepareRequest(title: string, server: string, request: RemoteRequest): PreparedRequest {
  const { method, path, query = {}, body, repeatable, pauses = '' } = request
  if (!path.startsWith('/') || dotSegment.test(path))
    throw new MomentryError('VALIDATION_FAILED', `${title} cannot be asked about a name that is . or ..`)
  const url = new URL(`${server.replace(/\/+$/, '')}${path}`)
  for (const [name, value] of Object.entries(query)) url.searchParams.append(name, String(value))
  return {
    method,
    url,
    headers: headersOf(title, request),
    body: body === undefined ? null : JSON.stringify(body),
    mayRepeat: repeatable ?? (method === 'GET' || method === 'DELETE'),
    pauses,
  }
}

/** The error of Headers is not passed on, since it repeats the value. */
function headersOf(title: string, { headers, body }: RemoteRequest): Headers {
  const type = body === undefined ? {} : { 'content-type': 'application/json' }
  try {
    return new Headers({ accept: 'application/json', ...type, ...headers })
  } catch {
    throw new MomentryError('VALIDATION_FAILED', `${title} cannot be sent a text that does not fit into a header`)
  }
}
