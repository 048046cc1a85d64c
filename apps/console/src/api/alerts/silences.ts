import { useMutation } from '@tanstack/react-query'
import { api, take } from '../client.ts'
import type { components, operations } from '../schema.d.ts'
import { usePages } from '../use-pages.ts'

export type Silence = components['schemas']['AlertSilence']
export type CreateSilence = components['schemas']['CreateAlertSilence']
export type SilenceFilters = NonNullable<operations['listAlertSilences']['parameters']['query']>

const invalidates = ['silences', 'anomalies', 'audit']

export function useSilences(filters: SilenceFilters) {
  return usePages({
    key: ['silences', filters],
    read: (cursor) =>
      take(api.GET('/v1/alert-silences', { params: { query: { ...filters, limit: 50, ...(cursor && { cursor }) } } })),
    live: true,
  })
}

export function useCreateSilence() {
  return useMutation({
    mutationFn: (body: CreateSilence) => take(api.POST('/v1/alert-silences', { body })),
    meta: { invalidates },
  })
}

export function useEndSilence() {
  return useMutation({
    mutationFn: (id: string) => take(api.DELETE('/v1/alert-silences/{id}', { params: { path: { id } } })),
    meta: { invalidates },
  })
}
