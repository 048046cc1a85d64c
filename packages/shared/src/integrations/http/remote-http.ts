import { setTimeout as wait } from 'node:timers/promises'
import { BrokenCircuitError } from 'cockatiel'
import { fetch } from 'undici'
import { MomentryError } from '../../errors.ts'
import { createDispatcher, type DispatcherOptions } from './dispatcher.ts'
import { createGuard } from './guard.ts'
import { maxAnswerBytes, readBounded } from './read-bounded.ts'
import { readRedirect } from './redirect.ts'
import { parseRetryAfter } from './retry-after.ts'
import { tellFailure } from './tell-failure.ts'

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
}

export interface RemoteAnswer {
  status: number
  headers: { get(name: string): string | null; getSetCookie(): string[] }
  text: string
  /** undefined where it is no JSON. */
  body: unknown
}

/** The way to one other system. */
export interface RemoteHttp {
  /**
   * Sends a request. What may be repeated is, with jitter, after a failure; what may not, only where it certainly never
   * arrived, or where the answer says that it was not done (429).
   * @returns every answer but 429; a 5xx once no try is left
   * @throws MomentryError `REMOTE_UNREACHABLE`, with the seconds until the next try while the circuit is open;
   *   `REMOTE_BUSY`, with those that the system asked for; `REMOTE_FAILED` for an answer that is too large, or that leads
   *   to another host. No message holds anything that was sent.
   */
  send(request: RemoteRequest): Promise<RemoteAnswer>
  close(): Promise<void>
}

export interface RemoteHttpOptions extends DispatcherOptions {
  /** What people call it: `Gitea`. */
  title: string
  /** Its base URL. */
  server: string
  /** How long the circuit stays open; ms. */
  openMs?: number | undefined
}

const maxRedirects = 3
/** So long a request waits by itself where the system asks for a pause; longer ones are for who asked, ms. */
const longestPauseMs = 5_000
const unknownPauseSeconds = 1

/** Makes the way to one other system: bounded in time and size, with retries and a circuit breaker. */
export function createRemoteHttp(options: RemoteHttpOptions): RemoteHttp {
  const { title, server, timeoutMs, openMs = 10_000 } = options
  const dispatcher = createDispatcher(options)
  const closing = new AbortController()
  const guard = createGuard(openMs)
  let pausedUntil = 0

  const ask = async (request: RemoteRequest, url: URL): Promise<RemoteAnswer> => {
    const signal = AbortSignal.any([closing.signal, AbortSignal.timeout(timeoutMs)])
    try {
      const answer = await fetch(url, {
        method: request.method,
        headers: { accept: 'application/json', ...(request.body !== undefined && json), ...request.headers },
        body: request.body === undefined ? null : JSON.stringify(request.body),
        redirect: 'manual',
        dispatcher,
        signal,
      })
      const text = await readBounded(answer.body)
      if (text === undefined)
        throw new MomentryError('REMOTE_FAILED', `${title} answers with more than ${maxAnswerBytes} bytes`)
      return { status: answer.status, headers: answer.headers, text, body: parse(text) }
    } catch (error) {
      if (error instanceof MomentryError) throw error
      const failure = tellFailure(error)
      throw guard.note(
        new MomentryError(
          'REMOTE_UNREACHABLE',
          `${title} cannot be reached at ${new URL(server).origin}: ${failure.reason}`,
        ),
        failure,
      )
    }
  }

  const follow = async (request: RemoteRequest, url: URL, redirects = 0): Promise<RemoteAnswer> => {
    const answer = await ask(request, url)
    const redirect = readRedirect(url, answer.status, answer.headers.get('location'))
    if (redirect.kind === 'refused')
      throw new MomentryError('REMOTE_FAILED', `${title} leads to another place (${redirect.host}), which is refused`)
    if (redirect.kind === 'none' || request.method !== 'GET') return answer
    if (redirects >= maxRedirects) throw new MomentryError('REMOTE_FAILED', `${title} leads on and on`)
    return follow(request, redirect.url, redirects + 1)
  }

  const send = async (request: RemoteRequest, isLast: boolean): Promise<RemoteAnswer> => {
    refuseWhilePaused(title, pausedUntil)
    const answer = await guard.run(mayRepeat(request), () => follow(request, urlOf(server, request)))
    if (answer.status !== 429) return answer
    const seconds = parseRetryAfter(answer.headers.get('retry-after'), Date.now()) ?? unknownPauseSeconds
    if (isLast || seconds * 1000 > longestPauseMs) {
      pausedUntil = Date.now() + seconds * 1000
      throw busy(title, seconds)
    }
    await wait(seconds * 1000, undefined, { signal: closing.signal })
    return send(request, true)
  }

  return {
    async send(request) {
      try {
        return await send(request, false)
      } catch (error) {
        if (error instanceof MomentryError) throw error
        if (error instanceof BrokenCircuitError)
          throw new MomentryError(
            'REMOTE_UNREACHABLE',
            `${title} has failed again and again, and is left alone for a while`,
            {
              retryAfterSeconds: Math.ceil(openMs / 1000),
            },
          )
        throw new MomentryError('REMOTE_UNREACHABLE', `${title} is asked no more: Momentry stops`)
      }
    },
    async close() {
      closing.abort()
      await dispatcher.destroy()
    },
  }
}

function mayRepeat({ repeatable, method }: RemoteRequest): boolean {
  return repeatable ?? (method === 'GET' || method === 'DELETE')
}

const json = { 'content-type': 'application/json' }

function urlOf(server: string, { path, query }: RemoteRequest): URL {
  const url = new URL(`${server.replace(/\/+$/, '')}${path}`)
  for (const [name, value] of Object.entries(query ?? {})) url.searchParams.append(name, String(value))
  return url
}

function parse(text: string): unknown {
  try {
    return JSON.parse(text)
  } catch {
    return undefined
  }
}

function refuseWhilePaused(title: string, pausedUntil: number): void {
  const left = pausedUntil - Date.now()
  if (left > 0) throw busy(title, Math.ceil(left / 1000))
}

function busy(title: string, retryAfterSeconds: number): MomentryError {
  return new MomentryError('REMOTE_BUSY', `${title} wants no request for ${retryAfterSeconds} s`, { retryAfterSeconds })
}
