import { useMutation, useQuery } from '@tanstack/react-query'
import { api, take } from '../client.ts'
import type { components } from '../schema.d.ts'

export type Backup = components['schemas']['Backup']

const invalidates = ['jobs']

/** All of them; retention keeps them few. @param moving true: read again every 2 s */
export function useBackups(moving: boolean) {
  return useQuery({
    queryKey: ['backups'],
    queryFn: () => take(api.GET('/v1/backups')),
    refetchInterval: moving ? 2_000 : 30_000,
  })
}

export function useCreateBackup() {
  return useMutation({
    mutationFn: (reason: string) => take(api.POST('/v1/backups', { body: { ...(reason && { reason }) } })),
    meta: { invalidates },
  })
}

export function useVerifyBackup() {
  return useMutation({
    mutationFn: (number: number) => take(api.POST('/v1/backups/{number}/verify', { params: { path: { number } } })),
    meta: { invalidates },
  })
}

export function useDiffBackups() {
  return useMutation({
    mutationFn: ({ number, after }: { number: number; after: number }) =>
      take(api.POST('/v1/backups/{number}/diff/{after}', { params: { path: { number, after } } })),
    meta: { invalidates },
  })
}
