import createClient from 'openapi-fetch'
import { errorOf, toApiError } from './error.ts'
import type { paths } from './schema.d.ts'

let tellSignedOut: () => void = () => {}

/** Says what is done when the API no longer knows the session. */
export function onSignedOut(tell: () => void): void {
  tellSignedOut = tell
}

/** The API, typed by its own description: `await take(api.GET('/v1/keys', { params: { query } }))`. */
export const api = createClient<paths>({
  baseUrl: location.origin,
  // The API takes a change by cookie only with this header, which no other site can send.
  headers: { 'x-momentry-console': '1' },
})

api.use({
  onResponse({ response, schemaPath }) {
    if (response.status === 401 && schemaPath !== '/v1/session') tellSignedOut()
  },
})

/** Gives an answer's data. @throws ApiError for every other answer, and where none came */
export async function take<T>(answer: Promise<{ data?: T; error?: unknown; response: Response }>): Promise<T> {
  const { data, error, response } = await answer.catch((failure) => {
    throw toApiError(failure)
  })
  if (!response.ok) throw errorOf(response, error)
  return data as T
}
