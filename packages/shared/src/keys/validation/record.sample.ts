import type { SecretRecord } from './record.ts'

/** A record for tests: a current secret of a service's key that was never rotated. */
export const sampleRecord: SecretRecord = {
  keyId: '019a2b3c-4d5e-7f60-8a9b-0c1d2e3f4a5b',
  digest: Buffer.alloc(32),
  version: 1,
  currentVersion: 1,
  supersededAt: undefined,
  graceEndsAt: undefined,
  claimable: false,
  rotation: undefined,
  awaitsFirstUse: false,
  type: 'service',
  name: 'billing',
  ownerId: 'team',
  scopes: ['invoices:*'],
  metadata: { a: 1 },
  isAllowedFrom: undefined,
  limits: undefined,
  enabled: true,
  expiresAt: undefined,
  revokedAt: undefined,
}
