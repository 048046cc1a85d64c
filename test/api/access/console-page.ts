import { type Answer, type Call, createClient, makeKey } from '../client.ts'
import type { Harness } from '../harness.ts'

/** What the console sends with whatever changes something. */
export const page = { 'x-momentry-console': '1', 'sec-fetch-site': 'same-origin' }

/** The pair of a Set-Cookie header, as a browser sends it back. */
export const cookieOf = (answer: Answer) => answer.headers.get('set-cookie')?.split(';')[0] ?? ''

/** What a page of the console does at an api. */
export function createConsolePage(t: Harness) {
  const signIn = (key: string, headers: Record<string, string> = {}) =>
    t.asAnyone('POST', '/v1/session', { body: { key }, headers: { ...page, ...headers } })
  /** Calls as the console does, by a session. */
  const by = (cookie: string, headers: Record<string, string> = page, url = t.api.url): Call => {
    const call = createClient(url)
    return (method, path, options = {}) =>
      call(method, path, { ...options, headers: { cookie, ...headers, ...options.headers } })
  }
  return {
    signIn,
    by,
    /** Opens a session of a new key. */
    async open(input: object = { scopes: ['keys:*', 'anomalies:read'] }) {
      const made = await makeKey(t.asRoot, input)
      const cookie = cookieOf(await signIn(made.key))
      return { ...made, cookie, call: by(cookie) }
    },
  }
}
