import { describe, expect, it } from 'vitest'
import type { Anomaly } from '../../api/alerts/anomalies.ts'
import { describeAnomaly } from './describe.ts'
import { spanAround } from './spans.ts'

const anomaly: Anomaly = {
  id: '5b0c9f2e-1d3a-5e4f-9a6b-7c8d9e0f1a2b',
  keyId: '019a2b3c-4d5e-7f60-8a9b-0c1d2e3f4a5b',
  keyName: 'payments',
  keyType: 'service',
  rule: 'high_request_rate',
  severity: 'high',
  observed: 2400,
  threshold: 1000,
  window: { start: '2026-01-05T12:00:00.000Z', end: '2026-01-05T12:00:59.000Z' },
  explanation: 'busy',
  state: 'open',
  mutedUntil: null,
  detectedAt: '2026-01-05T12:01:00.000Z',
  updatedAt: '2026-01-05T12:01:00.000Z',
  endedAt: null,
  acknowledgedAt: null,
  acknowledgedBy: null,
  resolvedAt: null,
  resolvedBy: null,
  note: null,
}

describe('an anomaly in one sentence', () => {
  it.each([
    [{}, 'payments made 2,400 requests within 60 seconds: 2.4 times its threshold of 1,000.'],
    [{ observed: 1232 }, 'payments made 1,232 requests within 60 seconds: 23 % above its threshold of 1,000.'],
    [
      { rule: 'high_error_rate', observed: 0.845, threshold: 0.5 },
      '84.5% of what payments asked for within 5 minutes failed; at most 50% is expected.',
    ],
    [
      { rule: 'multiple_ips', observed: 1, threshold: 1 },
      'payments was used from 1 address within an hour: at its threshold of 1.',
    ],
    [
      { rule: 'unusual_time', observed: 8, threshold: 3, baseline: 0 },
      'payments made 8 requests in an hour of the week in which it is next to never used (none of its history lies there); 3 requests are enough to fire.',
    ],
    [
      { rule: 'dead_key_used', explanation: 'a secret of a revoked key was used' },
      'payments: a secret of a revoked key was used.',
    ],
  ])('%o', (more, sentence) => expect(describeAnomaly({ ...anomaly, ...more })).toBe(sentence))
})

describe('the time that its chart shows', () => {
  it('is half an hour on both sides, and nothing that is yet to come', () => {
    const later = Date.parse('2026-01-06T00:00:00.000Z')
    expect(spanAround(anomaly, later)).toEqual({
      from: '2026-01-05T11:30:00.000Z',
      to: '2026-01-05T12:30:00.000Z',
      interval: 'minute',
    })
    expect(spanAround(anomaly, Date.parse('2026-01-05T12:05:30.000Z')).to).toBe('2026-01-05T12:06:00.000Z')
  })

  it('is days by hour where the rule looks at the week', () => {
    expect(spanAround({ ...anomaly, rule: 'unusual_time' }, Date.parse('2026-01-05T13:00:00.000Z'))).toEqual({
      from: '2026-01-02T12:00:00.000Z',
      to: '2026-01-05T14:00:00.000Z',
      interval: 'hour',
    })
  })
})
