import { useMutation, useQuery } from '@tanstack/react-query'
import { api, take } from '../client.ts'
import { queryClient } from '../query.ts'
import type { components } from '../schema.d.ts'

export type OwnSession = components['schemas']['Session']

/** The sessions of the key that is signed in. */
export function useSessions() {
  return useQuery({ queryKey: ['sessions'], queryFn: () => take(api.GET('/v1/sessions')) })
}

/** Ends one of them, as of a browser that is elsewhere. */
export function useEndSession() {
  return useMutation({
    mutationFn: (id: string) => take(api.DELETE('/v1/sessions/{id}', { params: { path: { id } } })),
    meta: { invalidates: ['sessions'] },
  })
}

/** Ends all of them, this one too. */
export function useSignOutEverywhere() {
  return useMutation({
    mutationFn: () => take(api.DELETE('/v1/sessions')),
    onSuccess: () => {
      queryClient.removeQueries({ predicate: ({ queryKey }) => queryKey[0] !== 'session' })
      queryClient.setQueryData(['session'], null)
    },
  })
}
