import { useQuery } from '@tanstack/react-query'
import { api, take } from '../client.ts'
import type { components } from '../schema.d.ts'
import { usePages } from '../use-pages.ts'

export type AuditRow = components['schemas']['AuditRow']
export type AuditVerification = components['schemas']['AuditVerification']

export function useAudit(filters: { keyId?: string; action?: string }) {
  return usePages({
    key: ['audit', 'list', filters],
    read: (cursor) =>
      take(
        api.GET('/v1/audit', {
          params: { query: { ...filters, limit: 100, ...(cursor && { cursor: Number(cursor) }) } },
        }),
      ),
    live: true,
  })
}

/** The public key by which an export is verified. */
export function useAuditPublicKey() {
  return useQuery({
    queryKey: ['audit', 'public-key'],
    queryFn: () => take(api.GET('/v1/audit/public-key')),
    staleTime: Number.POSITIVE_INFINITY,
  })
}

/** Checks the log's chain of hashes. It reads all of it, from a day on or from the beginning. */
export function verifyAudit(from: string, signal: AbortSignal): Promise<AuditVerification> {
  return take(api.GET('/v1/audit/verify', { params: { query: { ...(from && { from }) } }, signal }))
}
