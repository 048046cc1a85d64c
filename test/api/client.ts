import { z } from 'zod'

export interface Answer {
  status: number
  headers: Headers
  text: string
  /** The body as JSON; undefined where it is none. */
  body: unknown
}

export interface CallOptions {
  /** Sent as JSON, or as it is where it is a text. */
  body?: unknown
  headers?: Record<string, string>
}

export type Call = (method: string, path: string, options?: CallOptions) => Promise<Answer>

/** Makes calls to an api with one key, or with none. */
export function createClient(url: string | undefined, key?: string): Call {
  return async (method, path, { body, headers } = {}) => {
    const answer = await fetch(`${url}${path}`, {
      method,
      headers: {
        ...(key !== undefined && { authorization: `Bearer ${key}` }),
        ...(body !== undefined && { 'content-type': 'application/json' }),
        ...headers,
      },
      ...(body !== undefined && { body: typeof body === 'string' ? body : JSON.stringify(body) }),
    })
    const text = await answer.text()
    const json = /[/+]json/.test(answer.headers.get('content-type') ?? '')
    return { status: answer.status, headers: answer.headers, text, body: json ? JSON.parse(text) : undefined }
  }
}

const madeSchema = z.looseObject({ id: z.string(), key: z.string() })

/** Makes a key of type service, unless told otherwise, and gives its id and secret. */
export async function makeKey(call: Call, input: object = {}): Promise<{ id: string; key: string }> {
  const { body, status, text } = await call('POST', '/v1/keys', { body: { type: 'service', name: 'test', ...input } })
  if (status !== 201) throw new Error(`no key was made: ${text}`)
  return madeSchema.parse(body)
}

const pageSchema = z.object({
  data: z.array(z.looseObject({ id: z.string() })),
  pagination: z.object({ cursor: z.string().nullable(), hasMore: z.boolean() }),
})

/** A page of a list of keys: their ids, in order, and where it goes on. */
export function pageOf(answer: Answer): { ids: string[]; cursor: string | null; hasMore: boolean } {
  const { data, pagination } = pageSchema.parse(answer.body)
  return { ids: data.map((row) => row.id), ...pagination }
}

const codeSchema = z.looseObject({ code: z.string() })

/** The code of a verdict or of a problem. */
export function codeOf(answer: Answer): string {
  return codeSchema.parse(answer.body).code
}
