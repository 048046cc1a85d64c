import type { AnomalyAlert } from '@momentry/shared/alerts/alert.ts'
import type { AnomalyView } from '@momentry/shared/anomalies/view.ts'
import type { AnomalyThresholds } from '@momentry/shared/config.ts'
import type { KeyView } from '@momentry/shared/keys/view.ts'
import type { Drain } from '@momentry/shared/rotation/read/drain.ts'
import type { RotationView } from '@momentry/shared/rotation/read/view.ts'

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
  publicKey: null,
  nextRotationAt: null,
  expiresAt: null,
  throttledUntil: null,
  revokedAt: null,
  revokeReason: null,
  lastUsedAt: null,
  createdBy: '019a2b3c-0000-7000-8000-000000000001',
  createdAt: '2026-01-05T09:30:00.000Z',
  updatedAt: '2026-01-05T09:30:00.000Z',
}

/** Of the right shape and with a wrong checksum: no scanner takes it for one that leaked. */
export const exampleSecret = 'mty_service_EXAMPLEexampleEXAMPLEexampleEXAMPLEexample0_000000'

const told = {
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
} as const

/** An alert as the OpenAPI document shows it. */
export const exampleAlert: AnomalyAlert = {
  type: 'anomaly.detected',
  timestamp: '2026-01-05T09:30:00.412Z',
  data: told,
}

/** An anomaly as the OpenAPI document shows it. */
export const exampleAnomaly: AnomalyView = {
  ...told,
  state: 'open',
  mutedUntil: null,
  detectedAt: '2026-01-05T09:30:00.412Z',
  updatedAt: '2026-01-05T09:30:00.412Z',
  endedAt: null,
  acknowledgedAt: null,
  acknowledgedBy: null,
  resolvedAt: null,
  resolvedBy: null,
  note: null,
}

/** A rotation as the OpenAPI document shows it. */
export const exampleRotation: RotationView = {
  id: '019a2b3c-5555-7000-8000-000000000005',
  keyId: exampleKey.id,
  keyName: exampleKey.name,
  keyType: exampleKey.type,
  jobId: '019a2b3c-5555-7000-8000-000000000006',
  kind: 'manual',
  state: 'completed',
  reason: 'yearly renewal',
  requestedBy: '019a2b3c-0000-7000-8000-000000000001',
  anomalyId: null,
  fromVersion: 1,
  toVersion: 2,
  graceEndsAt: '2026-01-07T09:30:00.000Z',
  claimedAt: '2026-01-05T09:31:00.000Z',
  claimedBy: 'holder',
  firstUsedAt: null,
  claimable: true,
  error: null,
  createdAt: '2026-01-05T09:29:59.000Z',
  startedAt: '2026-01-05T09:29:59.900Z',
  finishedAt: '2026-01-05T09:30:00.000Z',
  updatedAt: '2026-01-05T09:31:00.000Z',
}

/** Who uses which secret, as the OpenAPI document shows it. */
export const exampleDrain: Drain = {
  old: {
    version: 1,
    requests: 12,
    refused: 0,
    lastUsedAt: '2026-01-05T09:30:41.000Z',
    lastAddress: '203.0.113.7',
    addresses: [{ address: '203.0.113.7', requests: 12, refused: 0, lastUsedAt: '2026-01-05T09:30:41.000Z' }],
  },
  new: { version: 2, requests: 0, refused: 0, lastUsedAt: null, lastAddress: null, addresses: [] },
}

/** The thresholds of detection as the environment has them unless told otherwise. */
export const exampleThresholds: AnomalyThresholds = {
  requestsPerMinute: 1000,
  errorRate: 0.5,
  errorMinRequests: 20,
  ipsPerHour: 5,
  timeMaxShare: 0.001,
  timeMinDays: 14,
  timeMinHistory: 200,
  timeMinRequests: 3,
}
