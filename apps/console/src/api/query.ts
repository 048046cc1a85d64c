import { MutationCache, QueryClient } from '@tanstack/react-query'
import { ApiError } from './error.ts'

/**
 * How pages read and change: a file per resource here (`keys.ts`, …) has hooks made of `useQuery`/`useInfiniteQuery`/`useMutation`
 * whose function is `take(api.GET(…))`. A query key begins with the resource's name, so that `['keys']` covers all of it.
 * A change invalidates what it touches by `meta.invalidates`.
 */
declare module '@tanstack/react-query' {
  interface Register {
    defaultError: Error
    mutationMeta: { invalidates?: readonly string[] }
  }
}

/** What live figures are read again by, in milliseconds. */
export const liveMs = 10_000

export const queryClient: QueryClient = new QueryClient({
  defaultOptions: {
    queries: {
      staleTime: 5_000,
      retry: (failures, error) => failures < 2 && isPassing(error),
      retryDelay: (failures, error) =>
        error instanceof ApiError && error.retryAfterSeconds
          ? Math.min(error.retryAfterSeconds, 30) * 1000
          : 500 * 2 ** failures,
    },
  },
  mutationCache: new MutationCache({
    onSuccess: async (_data, _input, _context, mutation) => {
      const { invalidates = [] } = mutation.meta ?? {}
      await Promise.all(invalidates.map((name) => queryClient.invalidateQueries({ queryKey: [name] })))
    },
  }),
})

/** What may be well in a moment; an answer about the request itself will not change. */
function isPassing(error: Error): boolean {
  return error instanceof ApiError && (error.status === 0 || error.status >= 502)
}

/** The cursor of the page after one, for `getNextPageParam`. */
export function nextCursor(page: { pagination: { cursor: string | null; hasMore: boolean } }): string | undefined {
  return page.pagination.hasMore ? (page.pagination.cursor ?? undefined) : undefined
}
