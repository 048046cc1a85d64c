export interface FetchDeps {
  fetch: typeof globalThis.fetch
  /** The secret in use. */
  current(): string
  /** The stored secret. */
  load(): Promise<string>
  /** Uses another secret from now on. */
  adopt(secret: string): void
  /** Told that an answer called the secret in use outdated. */
  onDeprecated(): void
}

/** `fetch` with the secret in use. It goes to whatever URL it is called with: call it with services that are to have the secret. */
export type SecretFetch = (url: string | URL, init?: RequestInit) => Promise<Response>

/**
 * Makes a `fetch` that sends the secret, and sees in the answers what happens to it: `Deprecation` means that there is a
 * successor; a 401 can mean that another process, which shares the store, has swapped it, and then the request is
 * repeated once. A request whose body is a stream is never repeated, since it is used up.
 */
export function createSecretFetch(deps: FetchDeps): SecretFetch {
  const send = async (secret: string, url: string | URL, init: RequestInit) => {
    const headers = new Headers(init.headers)
    headers.set('authorization', `Bearer ${secret}`)
    const response = await deps.fetch(url, { ...init, headers })
    if (response.headers.has('deprecation') && secret === deps.current()) deps.onDeprecated()
    return response
  }

  /** The secret to try after one that was refused; undefined where there is no other. */
  const findOther = async (refused: string): Promise<string | undefined> => {
    const other = deps.current() === refused ? await deps.load().catch(() => refused) : deps.current()
    return other === refused ? undefined : other
  }

  return async (url, init = {}) => {
    const secret = deps.current()
    const first = await send(secret, url, init)
    if (first.status !== 401 || isStream(init.body)) return first
    const other = await findOther(secret)
    if (other === undefined) return first
    await first.body?.cancel()
    const second = await send(other, url, init)
    if (second.status !== 401 && deps.current() === secret) deps.adopt(other)
    return second
  }
}

function isStream(body: unknown): boolean {
  return typeof body === 'object' && body !== null && Symbol.asyncIterator in body
}
