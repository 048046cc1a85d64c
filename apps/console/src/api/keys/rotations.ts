import { useMutation, useQuery } from '@tanstack/react-query'
import { api, take } from '../client.ts'
import { liveMs } from '../query.ts'
import type { components, operations } from '../schema.d.ts'
import { usePages } from '../use-pages.ts'

export type Rotation = components['schemas']['Rotation']
export type RotationDetail = components['schemas']['RotationDetail']
export type RotationFilters = NonNullable<operations['listRotations']['parameters']['query']>

const invalidates = ['rotations', 'keys', 'jobs']

export function useRotations(filters: RotationFilters) {
  return usePages({
    key: ['rotations', 'list', filters],
    read: (cursor) =>
      take(api.GET('/v1/rotations', { params: { query: { ...filters, limit: 50, ...(cursor && { cursor }) } } })),
    live: true,
  })
}

/** Tells whether a rotation's old secret still validates. @param now milliseconds since 1970 */
export function isDraining({ state, graceEndsAt }: Rotation, now: number): boolean {
  return state === 'completed' && graceEndsAt !== null && Date.parse(graceEndsAt) > now
}

/** One rotation, read again often while something moves. */
export function useRotation(id: string) {
  return useQuery({
    queryKey: ['rotations', 'one', id],
    queryFn: () => take(api.GET('/v1/rotations/{id}', { params: { path: { id } } })),
    refetchInterval: ({ state: { data } }) =>
      data && (data.state === 'queued' || data.state === 'running' || isDraining(data, Date.now())) ? 2_000 : liveMs,
  })
}

export function useChangeGrace() {
  return useMutation({
    mutationFn: ({ id, graceSeconds }: { id: string; graceSeconds: number }) =>
      take(api.PATCH('/v1/rotations/{id}', { params: { path: { id } }, body: { graceSeconds } })),
    meta: { invalidates },
  })
}

export function useCancelRotation() {
  return useMutation({
    mutationFn: (id: string) => take(api.POST('/v1/rotations/{id}/cancel', { params: { path: { id } } })),
    meta: { invalidates },
  })
}

/** The successor's secret, which is in this answer and kept nowhere. */
export function useFetchSuccessor() {
  return useMutation({
    mutationFn: (id: string) => take(api.POST('/v1/rotations/{id}/secret', { params: { path: { id } } })),
    gcTime: 0,
    meta: { invalidates: ['rotations'] },
  })
}
