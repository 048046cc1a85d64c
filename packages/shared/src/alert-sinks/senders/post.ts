import type { Dispatcher } from 'undici'
import { parseRetryAfter } from '../../integrations/http/retry-after.ts'
import { tellFailure } from '../../integrations/http/tell-failure.ts'
import type { Clock } from '../../platform/clock.ts'
import { createSinkDispatcher, type SinkDispatcher, type SinkDispatcherOptions } from '../guard/dispatcher.ts'
import { refusedCode } from '../guard/refused-address.ts'
import type { Sent } from '../sender.ts'

/** So much of an answer is read, bytes; what is longer is cut with its connection. */
const maxAnswerBytes = 64 * 1024

/** So long a receiver may put a message off, s. */
const longestPause = 28_800

export interface PostRequest {
  url: string
  body: string
  headers?: Readonly<Record<string, string>> | undefined
  /** Says what a receiver's refusal means, from the text that it came with; undefined: nothing can be said. */
  explain?: ((text: string) => string | undefined) | undefined
  /** A 410 says that the receiver is gone for good. */
  mayBeGone?: boolean | undefined
}

/** Sends JSON to a receiver. Never throws. */
export type Post = (request: PostRequest, signal: AbortSignal) => Promise<Sent>

/** The way to HTTP receivers. */
export interface Poster {
  post: Post
  /** Cuts what is under way, and takes nothing more. */
  close(): Promise<void>
}

export interface PosterDeps extends SinkDispatcherOptions {
  now: Clock
}

/**
 * Makes the way to HTTP receivers, guarded (`guard/dispatcher.ts`): once, bounded in time and in what is read, and never
 * on to where an answer leads. undici is loaded by the first message.
 */
export function createPoster(deps: PosterDeps): Poster {
  const closing = new AbortController()
  let opened: Promise<SinkDispatcher> | undefined

  const send = async (request: PostRequest, bounded: AbortSignal): Promise<Sent> => {
    opened ??= createSinkDispatcher(deps)
    const [{ request: ask }, ways] = await Promise.all([import('undici'), opened])
    const url = new URL(request.url)
    const answer = await ask(url, {
      method: 'POST',
      headers: { 'content-type': 'application/json', 'user-agent': 'Momentry', ...request.headers },
      body: request.body,
      dispatcher: ways.to(url),
      signal: bounded,
    })
    const isExplained = answer.statusCode >= 400 && request.explain !== undefined
    // The status alone decides, whatever becomes of the rest, which is read to the end so that the connection serves again.
    if (!isExplained) void answer.body.dump({ limit: maxAnswerBytes, signal: bounded }).catch(() => undefined)
    const text = isExplained ? await readAnswer(answer.body).catch(() => '') : ''
    return judge(request, answer, text, deps.now())
  }

  return {
    async post(request, signal) {
      const bounded = AbortSignal.any([signal, closing.signal, AbortSignal.timeout(deps.timeoutMs)])
      try {
        return await send(request, bounded)
      } catch (error) {
        return { ok: false, error: closing.signal.aborted ? 'Momentry stops' : reasonOf(error) }
      }
    },
    async close() {
      closing.abort()
      await (await opened)?.close()
    },
  }
}

function judge(
  { explain, mayBeGone = false }: PostRequest,
  { statusCode: status, headers }: Pick<Dispatcher.ResponseData, 'statusCode' | 'headers'>,
  text: string,
  now: number,
): Sent {
  if (status >= 200 && status < 300) return { ok: true, status }
  const after = headers['retry-after']
  const retryAfterSeconds =
    status === 429 || status === 503
      ? parseRetryAfter(typeof after === 'string' ? after : null, now, longestPause)
      : undefined
  return {
    ok: false,
    status,
    error: tellStatus(status, explain?.(text)),
    ...(mayBeGone && status === 410 && { gone: true }),
    ...(retryAfterSeconds !== undefined && { retryAfterSeconds }),
  }
}

function tellStatus(status: number, explained: string | undefined): string {
  if (status >= 300 && status < 400) return `it leads to another place (${status}), where nothing is sent`
  return explained === undefined ? `it answered with ${status}` : `it answered with ${status}: ${explained}`
}

/** The error of undici may hold what was sent, so that its words are not passed on; the guard's are our own. */
function reasonOf(error: unknown): string {
  const isRefusal = error instanceof Error && 'code' in error && error.code === refusedCode
  return isRefusal ? error.message : tellFailure(error).reason
}

async function readAnswer(body: AsyncIterable<Uint8Array>): Promise<string> {
  const chunks: Uint8Array[] = []
  let bytes = 0
  for await (const chunk of body) {
    chunks.push(chunk)
    bytes += chunk.byteLength
    // Leaving the loop cuts the connection.
    if (bytes >= maxAnswerBytes) break
  }
  return Buffer.concat(chunks).subarray(0, maxAnswerBytes).toString('utf8')
}
