import { useMutation, useQuery } from '@tanstack/react-query'
import { api, take } from '../client.ts'
import { ApiError } from '../error.ts'
import { queryClient } from '../query.ts'
import type { components } from '../schema.d.ts'

/** Who is signed in. */
export type Session = components['schemas']['SignedIn']

/** The session of this browser: null where nobody is signed in. */
export function useSessionQuery() {
  return useQuery({
    queryKey: ['session'],
    queryFn: () => take(api.GET('/v1/session')).catch(nobody),
    staleTime: 60_000,
    refetchOnWindowFocus: true,
  })
}

/** Signs in by a key's secret, which is sent once and kept nowhere. */
export function useSignIn() {
  return useMutation({
    mutationFn: (key: string) => take(api.POST('/v1/session', { body: { key } })),
    onSuccess: (session) => queryClient.setQueryData(['session'], session),
    gcTime: 0,
  })
}

/** Ends the session, and drops all that was read with it. */
export function useSignOut() {
  return useMutation({
    mutationFn: () => take(api.DELETE('/v1/session')),
    onSettled: () => {
      // Who watches the session goes on watching it: a query that is removed tells nobody.
      queryClient.setQueryData(['session'], null)
      queryClient.removeQueries({ predicate: ({ queryKey }) => queryKey[0] !== 'session' })
    },
  })
}

/** `*` holds everything, `keys:*` holds `keys:read`: as the API decides it. */
export function holdsScope(held: readonly string[], wanted: string): boolean {
  return held.some(
    (scope) => scope === '*' || scope === wanted || (scope.endsWith(':*') && wanted.startsWith(scope.slice(0, -1))),
  )
}

function nobody(error: unknown): null {
  if (error instanceof ApiError && error.status === 401) return null
  throw error
}
