import { errorOf, toApiError } from './error.ts'

/** Reads what the API's description does not have yet. @param query left out where a value is undefined */
export async function read<T>(path: string, query: Record<string, string | undefined> = {}): Promise<T> {
  const url = new URL(path, location.origin)
  for (const [name, value] of Object.entries(query)) if (value !== undefined) url.searchParams.set(name, value)
  const response = await fetch(url, { headers: { 'x-momentry-console': '1' } }).catch((failure) => {
    throw toApiError(failure)
  })
  const body: unknown = await response.json().catch(() => undefined)
  if (!response.ok) throw errorOf(response, body)
  return body as T
}
