import { useMutation, useQuery } from '@tanstack/react-query'
import { ApiError, errorOf, toApiError } from './error.ts'
import { queryClient } from './query.ts'

/** Who is signed in. */
export interface Session {
  keyId: string
  name: string
  type: string
  scopes: string[]
  expiresAt: string
  secretVersion?: number
}

/** The session of this browser: null where nobody is signed in. */
export function useSessionQuery() {
  return useQuery({ queryKey: ['session'], queryFn: readSession, staleTime: 60_000, refetchOnWindowFocus: true })
}

/** Signs in by a key's secret, which is sent once and kept nowhere. */
export function useSignIn() {
  return useMutation({
    mutationFn: async (key: string) => {
      await send('POST', { key })
      const session = await readSession()
      if (!session)
        throw new ApiError({
          status: 401,
          code: 'UNEXPECTED',
          title: 'Not signed in',
          detail: 'The browser did not keep the session. Allow cookies for this address.',
        })
      return session
    },
    onSuccess: (session) => queryClient.setQueryData(['session'], session),
  })
}

/** Ends the session, and drops all that was read with it. */
export function useSignOut() {
  return useMutation({
    mutationFn: async () => {
      await send('DELETE')
    },
    onSettled: () => {
      queryClient.clear()
      queryClient.setQueryData(['session'], null)
    },
  })
}

/** `*` holds everything, `keys:*` holds `keys:read`: as the API decides it. */
export function holdsScope(held: readonly string[], wanted: string): boolean {
  return held.some(
    (scope) => scope === '*' || scope === wanted || (scope.endsWith(':*') && wanted.startsWith(scope.slice(0, -1))),
  )
}

async function readSession(): Promise<Session | null> {
  const response = await send('GET')
  return response ? ((await response.json()) as Session) : null
}

async function send(method: 'GET' | 'POST' | 'DELETE', body?: unknown): Promise<Response | undefined> {
  const response = await fetch('/v1/session', {
    method,
    headers: { 'x-momentry-console': '1', ...(body !== undefined && { 'content-type': 'application/json' }) },
    ...(body !== undefined && { body: JSON.stringify(body) }),
  }).catch((failure) => {
    throw toApiError(failure)
  })
  if (response.ok) return response
  if (response.status === 401 && method !== 'POST') return undefined
  throw errorOf(response, await response.json().catch(() => undefined))
}
