import { useMutation, useQuery } from '@tanstack/react-query'
import { api, take } from '../client.ts'
import { liveMs, queryClient } from '../query.ts'
import type { components, operations } from '../schema.d.ts'
import { usePages } from '../use-pages.ts'

export type Key = components['schemas']['Key']
export type KeyPolicy = Key['policy']
export type CreatedKey = components['schemas']['CreatedKey']
export type CreateKey = components['schemas']['CreateKey']
export type UpdateKey = components['schemas']['UpdateKey']
export type KeyFilters = Omit<NonNullable<operations['listKeys']['parameters']['query']>, 'limit' | 'cursor'>

/** The list, in pages of the largest size, since its rows are drawn only where they are seen. */
export function useKeys(filters: KeyFilters) {
  return usePages({
    key: ['keys', 'list', filters],
    read: (cursor) =>
      take(api.GET('/v1/keys', { params: { query: { ...filters, limit: 200, ...(cursor && { cursor }) } } })),
  })
}

export function useKeySummary() {
  return useQuery({
    queryKey: ['keys', 'summary'],
    queryFn: () => take(api.GET('/v1/keys/summary')),
    refetchInterval: liveMs,
  })
}

export function useKey(id: string) {
  return useQuery({
    queryKey: ['keys', 'one', id],
    queryFn: () => take(api.GET('/v1/keys/{id}', { params: { path: { id } } })),
    refetchInterval: liveMs,
  })
}

/** With the secret, which is in this answer and nowhere else: it is kept out of the cache of queries. */
export function useCreateKey() {
  return useMutation({
    mutationFn: (body: CreateKey) => take(api.POST('/v1/keys', { body })),
    gcTime: 0,
    meta: { invalidates: ['keys'] },
  })
}

export function useUpdateKey(id: string) {
  return useMutation({
    mutationFn: (body: UpdateKey) => take(api.PATCH('/v1/keys/{id}', { params: { path: { id } }, body })),
    onSuccess: (key) => queryClient.setQueryData(['keys', 'one', id], key),
    meta: { invalidates: ['keys', 'audit'] },
  })
}

export function useRevokeKey(id: string) {
  return useMutation({
    mutationFn: (body: { reason?: string }) =>
      take(api.POST('/v1/keys/{id}/revoke', { params: { path: { id } }, body })),
    meta: { invalidates: ['keys', 'rotations', 'audit'] },
  })
}
