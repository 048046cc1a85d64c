import { useMutation, useQuery } from '@tanstack/react-query'
import { api, take } from '../client.ts'
import type { components, operations } from '../schema.d.ts'
import { usePages } from '../use-pages.ts'

export type Job = components['schemas']['Job']
export type JobResult = components['schemas']['JobResult']
export type JobFilters = NonNullable<operations['listJobs']['parameters']['query']>

export function isOver({ state }: Job): boolean {
  return state === 'completed' || state === 'failed' || state === 'cancelled'
}

export function useJobs(filters: JobFilters) {
  return usePages({
    key: ['jobs', 'list', filters],
    read: (cursor) =>
      take(api.GET('/v1/jobs', { params: { query: { ...filters, limit: 50, ...(cursor && { cursor }) } } })),
    live: true,
  })
}

/** One job, read again every second until it is over. */
export function useJob(id: string, enabled = true) {
  return useQuery({
    queryKey: ['jobs', 'one', id],
    queryFn: () => take(api.GET('/v1/jobs/{id}', { params: { path: { id } } })),
    refetchInterval: ({ state: { data } }) => (data && isOver(data) ? false : 1_000),
    enabled,
  })
}

/** What became of each step. @param over false: read again every second */
export function useJobResults(id: string, { over, enabled = true }: { over: boolean; enabled?: boolean }) {
  return useQuery({
    queryKey: ['jobs', 'results', id, over],
    queryFn: () => take(api.GET('/v1/jobs/{id}/results', { params: { path: { id } } })),
    refetchInterval: over ? false : 1_000,
    enabled,
    placeholderData: (before) => before,
  })
}

export function useRetryJob() {
  return useMutation({
    mutationFn: (id: string) => take(api.POST('/v1/jobs/{id}/retry', { params: { path: { id } } })),
    meta: { invalidates: ['jobs', 'rotations', 'integrations'] },
  })
}
