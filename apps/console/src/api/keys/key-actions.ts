import { useMutation } from '@tanstack/react-query'
import { api, take } from '../client.ts'

/** Rotating and disabling a key from where its trouble shows. */
export function useRotateKey() {
  return useMutation({
    mutationFn: ({ keyId, ...body }: { keyId: string; reason?: string; forced?: boolean; graceSeconds?: number }) =>
      take(api.POST('/v1/keys/{id}/rotate', { params: { path: { id: keyId } }, body })),
    meta: { invalidates: ['rotations', 'keys', 'jobs'] },
  })
}

export function useDisableKey() {
  return useMutation({
    mutationFn: ({ keyId }: { keyId: string }) =>
      take(api.PATCH('/v1/keys/{id}', { params: { path: { id: keyId } }, body: { enabled: false } })),
    meta: { invalidates: ['keys', 'anomalies'] },
  })
}
