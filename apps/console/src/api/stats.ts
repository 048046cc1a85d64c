import { keepPreviousData, useQuery } from '@tanstack/react-query'
import { api, take } from './client.ts'
import { liveMs } from './query.ts'

/** How far back a chart looks, and how long its buckets are. */
export const spans = {
  '1h': { label: '1 hour', seconds: 3_600, interval: 'minute' },
  '24h': { label: '24 hours', seconds: 86_400, interval: 'hour' },
  '7d': { label: '7 days', seconds: 604_800, interval: 'hour' },
  '30d': { label: '30 days', seconds: 2_592_000, interval: 'day' },
} as const
export type Span = keyof typeof spans

const bucketMs = { minute: 60_000, hour: 3_600_000, day: 86_400_000 } as const

/** The span as whole buckets, of which the last is the one that is filling now. */
export function rangeOf(span: Span, now = Date.now()): { from: string; interval: 'minute' | 'hour' | 'day' } {
  const { seconds, interval } = spans[span]
  const size = bucketMs[interval]
  const from = Math.floor(now / size) * size - seconds * 1000 + size
  return { from: new Date(from).toISOString(), interval }
}

/** Requests and errors over time, of one key or of all. It is read again while somebody looks. */
export function useStats(span: Span, keyId?: string) {
  return useQuery({
    queryKey: ['stats', keyId ?? 'all', span],
    queryFn: () => {
      const query = rangeOf(span)
      return keyId === undefined
        ? take(api.GET('/v1/stats', { params: { query } }))
        : take(api.GET('/v1/keys/{id}/stats', { params: { path: { id: keyId }, query } }))
    },
    refetchInterval: liveMs,
    placeholderData: keepPreviousData,
  })
}
