import { setTimeout as sleep } from 'node:timers/promises'
import type { z } from 'zod'
import { exitCodes } from '../exit-codes.ts'
import { CliFailure } from '../failure.ts'
import { parseJson } from '../parse-json.ts'
import { readAnswer } from './answer.ts'
import { problemFailure } from './problem.ts'
import { mayRetry, retryDelayMs } from './retry.ts'

export interface ApiRequest {
  method: 'GET' | 'POST' | 'PATCH' | 'PUT' | 'DELETE'
  /** From `/v1/` on; ids in it are encoded by `path`. */
  path: string
  query?: Readonly<Record<string, string | number | undefined>>
  body?: unknown
  /** Makes a POST safe to repeat: the server does it once, and answers the same again. */
  idempotencyKey?: string
  /** For how long to try again while the server is away, in milliseconds. */
  retryForMs?: number
  /** How long one answer may take, in milliseconds, where that is more than usual. */
  timeoutMs?: number
  /** Told before each wait, with what went wrong. */
  onRetry?: (reason: string) => void
}

export interface ApiClient {
  /**
   * Asks the server and gives its parsed answer.
   * @throws CliFailure with the server's own explanation, or that it cannot be reached
   */
  call<T>(schema: z.ZodType<T>, request: ApiRequest): Promise<T>
}

export interface ApiClientOptions {
  baseUrl: string
  /** The API key; undefined where the route needs none. */
  key: string | undefined
  signal: AbortSignal
  /** Called once where an answer says that the key's secret is superseded. Never throws. */
  onSuperseded?: () => Promise<void>
}

/** One answer may take this long, unless a command says otherwise. */
const usualTimeoutMs = 30_000

/** For how long a command of a person tries again, unless it says otherwise. */
const defaultRetryForMs = 2000

/** Makes a client of Momentry's HTTP API (DESIGN.md section 6). */
export function createApiClient({ baseUrl, key, signal, onSuperseded }: ApiClientOptions): ApiClient {
  let superseded = false

  async function send(request: ApiRequest): Promise<Response> {
    const url = new URL(`${baseUrl.replace(/\/+$/, '')}${request.path}`)
    for (const [name, value] of Object.entries(request.query ?? {})) {
      if (value !== undefined) url.searchParams.set(name, String(value))
    }
    const headers = new Headers({ accept: 'application/json' })
    if (key !== undefined) headers.set('authorization', `Bearer ${key}`)
    if (request.idempotencyKey !== undefined) headers.set('idempotency-key', request.idempotencyKey)
    if (request.body !== undefined) headers.set('content-type', 'application/json')
    return await fetch(url, {
      method: request.method,
      headers,
      redirect: 'error',
      signal: AbortSignal.any([signal, AbortSignal.timeout(request.timeoutMs ?? usualTimeoutMs)]),
      ...(request.body === undefined ? {} : { body: JSON.stringify(request.body) }),
    })
  }

  /** Gives the answer, or why there is none yet. */
  async function attempt<T>(schema: z.ZodType<T>, request: ApiRequest): Promise<Attempt<T>> {
    try {
      const response = await send(request)
      const text = await readAnswer(response)
      // Of a validation, it is the secret that was asked about.
      if (response.headers.has('deprecation') && request.path !== '/v1/keys/validate' && !superseded) {
        superseded = true
        await onSuperseded?.()
      }
      if (response.ok) return { done: true, value: parseAnswer(schema, text, request) }
      return {
        done: false,
        status: response.status,
        headers: response.headers,
        failure: problemFailure(response, text),
      }
    } catch (error) {
      if (error instanceof CliFailure) throw error
      signal.throwIfAborted()
      return { done: false, status: undefined, headers: undefined, failure: unreachable(baseUrl, error) }
    }
  }

  return {
    async call(schema, request) {
      // Counted from the first failure: a slow answer that is cut is worth as much as a quick one.
      let until: number | undefined
      for (let tries = 1; ; tries += 1) {
        const result = await attempt(schema, request)
        if (result.done) return result.value
        until ??= performance.now() + (request.retryForMs ?? defaultRetryForMs)
        const delayMs = retryDelayMs(tries, result.headers)
        if (!mayRetry(request, result.status, result.failure.code) || performance.now() + delayMs > until)
          throw result.failure
        request.onRetry?.(result.failure.message)
        await sleep(delayMs, undefined, { signal })
      }
    },
  }
}

type Attempt<T> =
  | { done: true; value: T }
  | { done: false; status: number | undefined; headers: Headers | undefined; failure: CliFailure }

/** Builds a path; what stands in the braces is encoded. */
export function path(strings: TemplateStringsArray, ...values: string[]): string {
  return String.raw({ raw: strings }, ...values.map(encodeURIComponent))
}

function parseAnswer<T>(schema: z.ZodType<T>, text: string, { method, path }: ApiRequest): T {
  const parsed = schema.safeParse(parseJson(text))
  if (parsed.success) return parsed.data
  const where = parsed.error.issues[0]?.path.join('.') || 'its body'
  throw new CliFailure(exitCodes.failed, `${method} ${path}: the answer is not one of Momentry's API (${where})`)
}

/** What to tell where no answer came, or not all of it. */
export function unreachable(baseUrl: string, error: unknown): CliFailure {
  const cause = error instanceof Error && error.cause instanceof Error ? error.cause : error
  const code = cause instanceof Error && 'code' in cause && typeof cause.code === 'string' ? cause.code : undefined
  const reason = code ?? (cause instanceof Error ? cause.message : 'no connection')
  return new CliFailure(exitCodes.unreachable, `Momentry does not answer at ${baseUrl} (${reason}): is it running?`, {
    cause: error,
  })
}
