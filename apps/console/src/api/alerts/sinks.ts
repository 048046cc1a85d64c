import { useMutation, useQuery } from '@tanstack/react-query'
import { api, take } from '../client.ts'
import type { components, operations } from '../schema.d.ts'
import { usePages } from '../use-pages.ts'

export type Sink = components['schemas']['AlertSink']
export type SinkKind = Sink['kind']
export type CreateSink = components['schemas']['CreateAlertSink']
export type UpdateSink = components['schemas']['UpdateAlertSink']
export type Delivery = components['schemas']['AlertDelivery']
export type DeliveryFilters = NonNullable<operations['listAlertDeliveries']['parameters']['query']>

const invalidates = ['sinks', 'audit']

export function useSinks() {
  return usePages({
    key: ['sinks', 'list'],
    read: (cursor) =>
      take(api.GET('/v1/alert-sinks', { params: { query: { limit: 200, ...(cursor && { cursor }) } } })),
  })
}

export function useSink(id: string) {
  return useQuery({
    queryKey: ['sinks', 'one', id],
    queryFn: () => take(api.GET('/v1/alert-sinks/{id}', { params: { path: { id } } })),
  })
}

/** The answer has a webhook's secret, this once. */
export function useCreateSink() {
  return useMutation({
    mutationFn: (body: CreateSink) => take(api.POST('/v1/alert-sinks', { body })),
    gcTime: 0,
    meta: { invalidates },
  })
}

export function useUpdateSink(id: string) {
  return useMutation({
    mutationFn: (body: UpdateSink) => take(api.PATCH('/v1/alert-sinks/{id}', { params: { path: { id } }, body })),
    meta: { invalidates },
  })
}

export function useRemoveSink(id: string) {
  return useMutation({
    mutationFn: () => take(api.DELETE('/v1/alert-sinks/{id}', { params: { path: { id } } })),
    meta: { invalidates },
  })
}

/** Sends now, and answers how it went. */
export function useTestSink(id: string) {
  return useMutation({
    mutationFn: () => take(api.POST('/v1/alert-sinks/{id}/test', { params: { path: { id } } })),
    meta: { invalidates: ['deliveries', 'audit'] },
  })
}

export function useRotateSinkSecret(id: string) {
  return useMutation({
    mutationFn: (overlapSeconds: number) =>
      take(api.POST('/v1/alert-sinks/{id}/rotate-secret', { params: { path: { id } }, body: { overlapSeconds } })),
    gcTime: 0,
    meta: { invalidates },
  })
}

export function useDeliveries(sinkId: string, filters: DeliveryFilters) {
  return usePages({
    key: ['deliveries', sinkId, filters],
    read: (cursor) =>
      take(
        api.GET('/v1/alert-sinks/{id}/deliveries', {
          params: { path: { id: sinkId }, query: { ...filters, limit: 50, ...(cursor && { cursor }) } },
        }),
      ),
    live: true,
  })
}

export function useRedeliver() {
  return useMutation({
    mutationFn: (id: string) => take(api.POST('/v1/alert-deliveries/{id}/redeliver', { params: { path: { id } } })),
    meta: { invalidates: ['deliveries'] },
  })
}
