import type { z } from 'zod'
import { MomentryClientError } from '../errors.ts'
import { repeatWhilePassing } from './retry.ts'
import { type Answer, type SentRequest, send } from './send.ts'
import { type HttpOptions, readSettings } from './settings.ts'

/** A secret, or what gives the one to use now. */
export type ApiKey = string | (() => string | Promise<string>)

export interface PostRequest {
  /** From `/v1/` on. */
  path: string
  body?: unknown
  /** In place of the client's own key. */
  bearer?: string
  idempotencyKey?: string
  signal?: AbortSignal | undefined
}

export interface Http {
  /**
   * Posts a request that is safe to repeat, as all of this package are, and does so while that may help.
   * @throws MomentryClientError; the reason of `signal`, where that ended it
   */
  post<T>(schema: z.ZodType<T>, request: PostRequest): Promise<Answer<T>>
}

/** Makes the transport to Momentry. @throws TypeError for an option that cannot be */
export function createHttp(options: HttpOptions & { apiKey?: ApiKey | undefined }): Http {
  const settings = readSettings(options)
  const { apiKey } = options

  /** A 401 means that nothing was done: with a key that was swapped in the meantime, it is asked once more. */
  const attempt = async <T>(schema: z.ZodType<T>, request: SentRequest, bearer: string | undefined) => {
    const first = bearer ?? (await readKey(apiKey))
    try {
      return await send(settings, schema, { ...request, bearer: first })
    } catch (error) {
      if (bearer !== undefined || typeof apiKey !== 'function' || !isUnauthenticated(error)) throw error
      const second = await readKey(apiKey)
      if (second === first) throw error
      return await send(settings, schema, { ...request, bearer: second })
    }
  }

  return {
    async post(schema, { path, body, bearer, idempotencyKey, signal }) {
      const json = body === undefined ? undefined : JSON.stringify(body)
      const request = { path, body: json, bearer, idempotencyKey, signal }
      return await repeatWhilePassing(() => attempt(schema, request, bearer), settings.retry, signal)
    },
  }
}

function readKey(apiKey: ApiKey | undefined): string | undefined | Promise<string> {
  return typeof apiKey === 'function' ? apiKey() : apiKey
}

function isUnauthenticated(error: unknown): boolean {
  return error instanceof MomentryClientError && error.status === 401
}
