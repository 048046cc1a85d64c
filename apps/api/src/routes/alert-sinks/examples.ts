import type { DeliveryView } from '@momentry/shared/alert-sinks/delivery/view.ts'
import type { SinkView } from '@momentry/shared/alert-sinks/view.ts'

/** A sink as the OpenAPI document shows it. */
export const exampleSink: SinkView = {
  id: '019a2b3c-4d5e-7f60-8a9b-0c1d2e3f4a5b',
  name: 'on call',
  kind: 'webhook',
  target: { kind: 'webhook', url: 'https://hooks.example.com/momentry' },
  routing: { minSeverity: 'high', types: [], rules: [], owners: ['team-payments'] },
  groupSeconds: 60,
  quietHours: { from: '22:00', to: '07:00', timeZone: 'Europe/Berlin' },
  state: 'active',
  stateReason: null,
  previousSecretUntil: null,
  createdAt: '2026-01-05T09:30:00.000Z',
  updatedAt: '2026-01-05T09:30:00.000Z',
}

/** Of the right shape, and of zeros: no scanner takes it for one that leaked. */
export const exampleSinkSecret = `whsec_${'A'.repeat(43)}=`

/** A message to a sink as the OpenAPI document shows it. */
export const exampleDelivery: DeliveryView = {
  id: '019a2b3c-5d5e-7f60-8a9b-0c1d2e3f4a5b',
  sinkId: exampleSink.id,
  state: 'waiting',
  test: false,
  alerts: 3,
  severity: 'high',
  attempts: 1,
  nextAttemptAt: '2026-01-05T12:01:05.000Z',
  lastStatus: 503,
  lastError: 'it answered with 503',
  createdAt: '2026-01-05T12:00:00.000Z',
  finishedAt: null,
  summary: '3 alerts; the latest: anomaly.detected: 1,204 requests within 60 s, of at most 1,000',
}
