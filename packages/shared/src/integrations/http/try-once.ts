import { MomentryError } from '../../errors.ts'
import type { LazyDispatcher } from './dispatcher.ts'
import { parseJson } from './parse-json.ts'
import type { PreparedRequest } from './prepare.ts'
import { maxAnswerBytes, readBounded } from './read-bounded.ts'
import { readRedirect } from './redirect.ts'
import { type NetworkFailure, tellFailure } from './tell-failure.ts'

export interface RemoteAnswer {
  status: number
  headers: { get(name: string): string | null; getSetCookie(): string[] }
  text: string
  /** undefined where it is no JSON. */
  body: unknown
}

export interface TryOnceDeps {
  /** What people call the system. */
  title: string
  dispatcher: Pick<LazyDispatcher, 'open'>
  /** How long one answer may take, with all that it was redirected by, ms. */
  timeoutMs: number
  closing: AbortSignal
  /** Remembers why an error was thrown. */
  note<E extends Error>(error: E, failure: NetworkFailure): E
}

const maxRedirects = 3

/**
 * Gives what sends a request once, and follows where a GET is sent on to the same host.
 * @throws (what it gives) MomentryError `REMOTE_UNREACHABLE`, noted; `REMOTE_FAILED`
 */
export function createTryOnce({ title, dispatcher, timeoutMs, closing, note }: TryOnceDeps) {
  const ask = async ({ method, url, headers, body }: PreparedRequest, signal: AbortSignal): Promise<RemoteAnswer> => {
    try {
      const [{ fetch }, through] = await Promise.all([import('undici'), dispatcher.open()])
      const answer = await fetch(url, {
        method,
        headers: [...headers],
        body,
        redirect: 'manual',
        dispatcher: through,
        signal,
      })
      const text = await readBounded(answer.body)
      if (text === undefined)
        throw new MomentryError('REMOTE_FAILED', `${title} answers with more than ${maxAnswerBytes} bytes`)
      return { status: answer.status, headers: answer.headers, text, body: parseJson(text) }
    } catch (error) {
      if (error instanceof MomentryError) throw error
      const failure = tellFailure(error)
      const message = `${title} cannot be reached at ${url.origin}: ${failure.reason}`
      throw note(new MomentryError('REMOTE_UNREACHABLE', message), failure)
    }
  }

  const follow = async (request: PreparedRequest, signal: AbortSignal, redirects: number): Promise<RemoteAnswer> => {
    const answer = await ask(request, signal)
    const redirect = readRedirect(request.url, answer.status, answer.headers.get('location'))
    if (redirect.kind === 'refused')
      throw new MomentryError('REMOTE_FAILED', `${title} leads to another place (${redirect.host}), which is refused`)
    if (redirect.kind === 'none' || request.method !== 'GET') return answer
    if (redirects === 0) throw new MomentryError('REMOTE_FAILED', `${title} leads on and on`)
    return follow({ ...request, url: redirect.url }, signal, redirects - 1)
  }

  return (request: PreparedRequest): Promise<RemoteAnswer> =>
    follow(request, AbortSignal.any([closing, AbortSignal.timeout(timeoutMs)]), maxRedirects)
}
