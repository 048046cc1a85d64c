import type { z } from 'zod'
import { MomentryClientError } from '../errors.ts'
import { problemError } from './problem.ts'
import { parseJson, readAnswer } from './read-answer.ts'
import type { HttpSettings } from './settings.ts'

export interface SentRequest {
  /** From `/v1/` on. */
  path: string
  /** JSON; undefined for a request without a body. */
  body: string | undefined
  bearer: string | undefined
  idempotencyKey: string | undefined
  signal: AbortSignal | undefined
}

export interface Answer<T> {
  value: T
  headers: Headers
}

/**
 * Posts a request once.
 * @throws MomentryClientError; the reason of `request.signal`, where that ended it
 */
export async function send<T>(settings: HttpSettings, schema: z.ZodType<T>, request: SentRequest): Promise<Answer<T>> {
  const { response, text } = await exchange(settings, request)
  if (!response.ok) throw problemError(response, text)
  const parsed = schema.safeParse(parseJson(text))
  if (parsed.success) return { value: parsed.data, headers: response.headers }
  const where = parsed.error.issues[0]?.path.join('.') || 'its body'
  throw new MomentryClientError('protocol', `the answer is not one of Momentry's API (${where})`, {
    status: response.status,
  })
}

async function exchange(settings: HttpSettings, request: SentRequest): Promise<{ response: Response; text: string }> {
  const { baseUrl, timeoutMs } = settings
  const headers = makeHeaders(request)
  const timeout = AbortSignal.timeout(timeoutMs)
  try {
    const response = await settings.fetch(`${baseUrl}${request.path}`, {
      method: 'POST',
      headers,
      redirect: 'manual',
      signal: request.signal ? AbortSignal.any([request.signal, timeout]) : timeout,
      ...(request.body === undefined ? {} : { body: request.body }),
    })
    return { response, text: await readAnswer(response) }
  } catch (error) {
    if (error instanceof MomentryClientError) throw error
    request.signal?.throwIfAborted()
    if (timeout.aborted) throw new MomentryClientError('timeout', `Momentry did not answer within ${timeoutMs} ms`)
    throw new MomentryClientError('unavailable', `Momentry does not answer at ${baseUrl} (${reasonOf(error)})`)
  }
}

/** @throws TypeError that does not quote the secret, as the one of `Headers` would */
function makeHeaders({ bearer, body, idempotencyKey }: SentRequest): Headers {
  const headers = new Headers({ accept: 'application/json' })
  if (body !== undefined) headers.set('content-type', 'application/json')
  if (idempotencyKey !== undefined) headers.set('idempotency-key', idempotencyKey)
  if (bearer === undefined) return headers
  if (!/^[\x21-\x7e]+$/.test(bearer)) throw new TypeError('the API key must be printable ASCII without spaces')
  headers.set('authorization', `Bearer ${bearer}`)
  return headers
}

/** Codes only: a message may quote what was sent. */
function reasonOf(error: unknown): string {
  const cause = error instanceof Error && error.cause instanceof Error ? error.cause : error
  if (cause instanceof Error && 'code' in cause && typeof cause.code === 'string') return cause.code
  return 'the connection failed'
}
