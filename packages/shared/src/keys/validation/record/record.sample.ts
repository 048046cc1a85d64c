import { writeFacts } from '../answer.ts'
import type { SecretRecord } from './record.ts'

const record: Omit<SecretRecord, 'facts'> = {
  keyId: '019a2b3c-4d5e-7f60-8a9b-0c1d2e3f4a5b',
  digest: '\0'.repeat(32),
  version: 1,
  currentVersion: 1,
  supersededAt: undefined,
  graceEndsAt: undefined,
  claimable: false,
  rotation: undefined,
  awaitsFirstUse: false,
  type: 'service',
  scopes: ['invoices:*'],
  isAllowedFrom: undefined,
  limits: undefined,
  enabled: true,
  expiresAt: undefined,
  revokedAt: undefined,
}

/** A record for tests: a current secret of a service's key that was never rotated, but for what is changed. */
export function makeSample(change: Partial<Omit<SecretRecord, 'facts'>> = {}): SecretRecord {
  const changed = { ...record, ...change }
  return { ...changed, facts: writeFacts(changed, { name: 'billing', ownerId: 'team', metadata: { a: 1 } }) }
}

export const sampleRecord = makeSample()
