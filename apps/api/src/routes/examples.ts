import type { AnomalyView } from '@momentry/shared/anomalies/view.ts'
import type { KeyView } from '@momentry/shared/keys/view.ts'

/** A key as the OpenAPI document shows it. */
export const exampleKey: KeyView = {
  id: '019a2b3c-4d5e-7f60-8a9b-0c1d2e3f4a5b',
  name: 'billing service',
  type: 'service',
  ownerId: 'team-payments',
  scopes: ['invoices:read'],
  metadata: { environment: 'production' },
  policy: {},
  enabled: true,
  status: 'active',
  secretVersion: 1,
  expiresAt: null,
  revokedAt: null,
  revokeReason: null,
  lastUsedAt: null,
  createdBy: '019a2b3c-0000-7000-8000-000000000001',
  createdAt: '2026-01-05T09:30:00.000Z',
  updatedAt: '2026-01-05T09:30:00.000Z',
}

/** Of the right shape and with a wrong checksum: no scanner takes it for one that leaked. */
export const exampleSecret = 'mty_service_EXAMPLEexampleEXAMPLEexampleEXAMPLEexample0_000000'

/** An anomaly as the OpenAPI document shows it. */
export const exampleAnomaly: AnomalyView = {
  id: '5b0c9f2e-1d3a-5e4f-9a6b-7c8d9e0f1a2b',
  keyId: exampleKey.id,
  keyName: exampleKey.name,
  keyType: exampleKey.type,
  rule: 'high_request_rate',
  severity: 'high',
  observed: 2104,
  threshold: 1000,
  window: { start: '2026-01-05T09:29:01.000Z', end: '2026-01-05T09:30:00.000Z' },
  explanation: '2104 requests within 60 s, where at most 1000 are expected',
  state: 'open',
  detectedAt: '2026-01-05T09:30:00.412Z',
  updatedAt: '2026-01-05T09:30:00.412Z',
  endedAt: null,
  acknowledgedAt: null,
  acknowledgedBy: null,
  resolvedAt: null,
  resolvedBy: null,
  note: null,
}
