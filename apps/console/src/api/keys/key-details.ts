import { useMutation, useQuery } from '@tanstack/react-query'
import { api, take } from '../client.ts'
import { liveMs } from '../query.ts'
import type { components } from '../schema.d.ts'

export type KeyActivity = components['schemas']['KeyActivity']
export type KeyVersion = components['schemas']['KeyVersion']

const of = (id: string) => ({ params: { path: { id } } })

/** Who uses a key, from where and when: also what a revocation would hit. */
export function useKeyActivity(id: string) {
  return useQuery({
    queryKey: ['keys', 'activity', id],
    queryFn: () => take(api.GET('/v1/keys/{id}/activity', of(id))),
    refetchInterval: 3 * liveMs,
  })
}

export function useKeyVersions(id: string) {
  return useQuery({
    queryKey: ['keys', 'versions', id],
    queryFn: () => take(api.GET('/v1/keys/{id}/versions', of(id))),
  })
}

export function useKeyLimits(id: string, enabled: boolean) {
  return useQuery({
    queryKey: ['keys', 'limits', id],
    queryFn: () => take(api.GET('/v1/keys/{id}/limits', of(id))),
    enabled,
    refetchInterval: liveMs,
  })
}

/** Lets a key begin anew: nothing counts as used, and what an anomaly put on it is taken off. */
export function useResetLimits(id: string) {
  return useMutation({
    mutationFn: () => take(api.POST('/v1/keys/{id}/limits/reset', of(id))),
    meta: { invalidates: ['keys'] },
  })
}

/** The last rotations of a key. */
export function useKeyRotations(keyId: string, enabled: boolean) {
  return useQuery({
    queryKey: ['rotations', 'of-key', keyId],
    queryFn: () => take(api.GET('/v1/rotations', { params: { query: { keyId, limit: 20 } } })),
    enabled,
  })
}

/** Anomalies of a key within a span of time, to be marked in its chart. */
export function useKeyAnomalies(keyId: string, from: string, enabled: boolean) {
  return useQuery({
    queryKey: ['anomalies', 'of-key', keyId, from],
    queryFn: () => take(api.GET('/v1/anomalies', { params: { query: { keyId, from, limit: 100 } } })),
    enabled,
  })
}
