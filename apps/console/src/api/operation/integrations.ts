import { useMutation, useQuery } from '@tanstack/react-query'
import { api, take } from '../client.ts'
import type { components } from '../schema.d.ts'
import { usePages } from '../use-pages.ts'

export type Integration = components['schemas']['Integration']
export type Connection = components['schemas']['Connection']
export type Credential = components['schemas']['Credential']
export type CredentialRotation = components['schemas']['IntegrationRotation']
export type CredentialState = Credential['state']
/** The systems that the console has forms for. */
export type SystemName = 'gitea' | 'n8n'

const invalidates = ['integrations', 'jobs']

export function useIntegrations() {
  return useQuery({ queryKey: ['integrations', 'systems'], queryFn: () => take(api.GET('/v1/integrations')) })
}

export function useConnections(system?: string) {
  return usePages({
    key: ['integrations', 'connections', system],
    read: (cursor) =>
      take(
        api.GET('/v1/integrations/connections', {
          params: { query: { limit: 100, ...(system && { system }), ...(cursor && { cursor }) } },
        }),
      ),
  })
}

export function useCreateConnection() {
  return useMutation({
    mutationFn: (body: components['schemas']['CreateConnection']) =>
      take(api.POST('/v1/integrations/connections', { body })),
    gcTime: 0,
    meta: { invalidates },
  })
}

export function useCheckConnection() {
  return useMutation({
    mutationFn: (id: string) => take(api.POST('/v1/integrations/connections/{id}/check', { params: { path: { id } } })),
    meta: { invalidates },
  })
}

export function useRemoveConnection() {
  return useMutation({
    mutationFn: ({ id, force }: { id: string; force: boolean }) =>
      take(
        api.DELETE('/v1/integrations/connections/{id}', {
          params: { path: { id }, query: { ...(force && { force: 'true' as const }) } },
        }),
      ),
    meta: { invalidates },
  })
}

export function useCredentials(system: SystemName, filters: { state?: CredentialState; owner?: string }) {
  return usePages({
    key: ['integrations', 'credentials', system, filters],
    read: (cursor) => {
      const params = { query: { ...filters, limit: 50, ...(cursor && { cursor }) } }
      return system === 'gitea'
        ? take(api.GET('/v1/integrations/gitea/tokens', { params }))
        : take(api.GET('/v1/integrations/n8n/keys', { params }))
    },
    live: true,
  })
}

export interface NewCredential {
  name: string
  scopes: string[]
  expiresAt: string | null
  policy?: components['schemas']['CredentialPolicy']
  connectionId: string
  /** Whose it is to be, where the system's accounts act for others. */
  username?: string
}

/** The answer has the credential's value, this once. */
export function useCreateCredential(system: SystemName) {
  return useMutation({
    mutationFn: ({ name, username, ...body }: NewCredential) =>
      system === 'gitea'
        ? take(api.POST('/v1/integrations/gitea/tokens', { body: { ...body, name, ...(username && { username }) } }))
        : take(api.POST('/v1/integrations/n8n/keys', { body: { ...body, label: name } })),
    gcTime: 0,
    meta: { invalidates },
  })
}

/** Asks the system about a value. */
export function useVerifyCredential(system: SystemName) {
  return useMutation({
    mutationFn: (key: string) =>
      system === 'gitea'
        ? take(api.POST('/v1/integrations/gitea/tokens/verify', { body: { key } }))
        : take(api.POST('/v1/integrations/n8n/keys/verify', { body: { key } })),
    gcTime: 0,
    meta: { invalidates: ['integrations'] },
  })
}

export function useRotateCredential(system: SystemName) {
  return useMutation({
    mutationFn: ({ id, ...body }: { id: string; reason?: string; forced?: boolean }) => {
      const params = { path: { id } }
      return system === 'gitea'
        ? take(api.POST('/v1/integrations/gitea/tokens/{id}/rotate', { params, body }))
        : take(api.POST('/v1/integrations/n8n/keys/{id}/rotate', { params, body }))
    },
    meta: { invalidates },
  })
}

export function useDeleteCredential(system: SystemName) {
  return useMutation({
    mutationFn: ({ id, ...body }: { id: string; reason?: string }) => {
      const params = { path: { id } }
      return system === 'gitea'
        ? take(api.POST('/v1/integrations/gitea/tokens/{id}/delete', { params, body }))
        : take(api.POST('/v1/integrations/n8n/keys/{id}/delete', { params, body }))
    },
    meta: { invalidates },
  })
}

export function useCredentialRotations(filters: { state?: CredentialRotation['state'] }) {
  return usePages({
    key: ['integrations', 'rotations', filters],
    read: (cursor) =>
      take(
        api.GET('/v1/integrations/rotations', {
          params: { query: { ...filters, limit: 50, ...(cursor && { cursor }) } },
        }),
      ),
    live: true,
  })
}

export function useCancelCredentialRotation() {
  return useMutation({
    mutationFn: (id: string) => take(api.POST('/v1/integrations/rotations/{id}/cancel', { params: { path: { id } } })),
    meta: { invalidates },
  })
}

export function useEndCredentialGrace() {
  return useMutation({
    mutationFn: (id: string) =>
      take(api.PATCH('/v1/integrations/rotations/{id}', { params: { path: { id } }, body: { graceSeconds: 0 } })),
    meta: { invalidates },
  })
}

/** The new value, which waits in escrow. */
export function useFetchCredential() {
  return useMutation({
    mutationFn: (id: string) => take(api.POST('/v1/integrations/rotations/{id}/secret', { params: { path: { id } } })),
    gcTime: 0,
    meta: { invalidates: ['integrations'] },
  })
}
