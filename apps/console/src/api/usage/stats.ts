import { keepPreviousData, useQuery } from '@tanstack/react-query'
import { api, take } from '../client.ts'
import { liveMs } from '../query.ts'
import { rangeOf, type Span } from './span.ts'

/** Requests and errors over time, of one key or of all. It is read again while somebody looks. */
export function useStats(span: Span, keyId?: string, lastUsedAt: string | null = null) {
  return useQuery({
    queryKey: ['stats', keyId ?? 'all', span, rangeOf(span, lastUsedAt).to],
    queryFn: () => {
      const query = rangeOf(span, lastUsedAt)
      return keyId === undefined
        ? take(api.GET('/v1/stats', { params: { query } }))
        : take(api.GET('/v1/keys/{id}/stats', { params: { path: { id: keyId }, query } }))
    },
    refetchInterval: liveMs,
    placeholderData: keepPreviousData,
  })
}
