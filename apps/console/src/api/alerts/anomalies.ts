import { useMutation, useQuery } from '@tanstack/react-query'
import { api, take } from '../client.ts'
import type { components, operations } from '../schema.d.ts'
import { usePages } from '../use-pages.ts'

export type Anomaly = components['schemas']['Anomaly']
export type AnomalyFilters = NonNullable<operations['listAnomalies']['parameters']['query']>

const invalidates = ['anomalies', 'silences']

export function useAnomalies(filters: AnomalyFilters) {
  return usePages({
    key: ['anomalies', 'list', filters],
    read: (cursor) =>
      take(api.GET('/v1/anomalies', { params: { query: { ...filters, limit: 50, ...(cursor && { cursor }) } } })),
  })
}

export function useAnomaly(id: string) {
  return useQuery({
    queryKey: ['anomalies', 'one', id],
    queryFn: () => take(api.GET('/v1/anomalies/{id}', { params: { path: { id } } })),
  })
}

export function useAcknowledgeAnomaly() {
  return useMutation({
    mutationFn: ({ id, note }: { id: string; note?: string | undefined }) =>
      take(api.POST('/v1/anomalies/{id}/acknowledge', { params: { path: { id } }, body: { ...(note && { note }) } })),
    meta: { invalidates },
  })
}

export function useResolveAnomaly() {
  return useMutation({
    mutationFn: ({ id, note }: { id: string; note?: string | undefined }) =>
      take(api.POST('/v1/anomalies/{id}/resolve', { params: { path: { id } }, body: { ...(note && { note }) } })),
    meta: { invalidates },
  })
}

/** Nobody is told of this rule about this key for a time; what is found is listed all the same. */
export function useMuteAnomaly() {
  return useMutation({
    mutationFn: ({ id, forSeconds }: { id: string; forSeconds: number }) =>
      take(api.POST('/v1/anomalies/{id}/mute', { params: { path: { id } }, body: { forSeconds } })),
    meta: { invalidates },
  })
}

/** What became of a key around a time, for the chart of an anomaly. */
export function useKeyStats(
  keyId: string,
  span: { from: string; to: string; interval: 'minute' | 'hour' | 'day' },
  enabled: boolean,
) {
  return useQuery({
    queryKey: ['anomalies', 'stats', keyId, span],
    queryFn: () => take(api.GET('/v1/keys/{id}/stats', { params: { path: { id: keyId }, query: span } })),
    enabled,
    placeholderData: (before) => before,
  })
}
