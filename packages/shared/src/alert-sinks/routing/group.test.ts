import { describe, expect, it } from 'vitest'
import type { Alert } from '../../alerts/alert.ts'
import type { Severity } from '../../anomalies/finding.ts'
import { groupKeyOf, maxOpenMessages, planMessage, type SinkTimes, waitForQuiet } from './group.ts'
import { matches } from './match.ts'

const keyId = '019a2b3c-4d5e-7f60-8a9b-0c1d2e3f4a5b'
const timestamp = '2026-01-05T12:00:00.000Z'
const noon = Date.parse(timestamp)
const about = { id: keyId, keyId, keyName: 'billing', keyType: 'service', explanation: 'so' } as const
const anomaly = (severity: Severity, type: 'anomaly.detected' | 'anomaly.escalated' = 'anomaly.detected'): Alert => ({
  ...{ type, timestamp },
  data: {
    ...{ ...about, severity, rule: 'multiple_ips', observed: 6, threshold: 5 },
    window: { start: timestamp, end: timestamp },
  },
})
const expiring: Alert = { type: 'key.expiring', timestamp, data: { ...about, severity: 'low', expiresAt: timestamp } }
const told = (alert: Alert) => ({ seq: 7, alert })
const sink: SinkTimes = { groupSeconds: 60, quietHours: null, open: 0, lastCriticalAt: undefined }
const lunch = { from: '11:30', to: '13:00', timeZone: 'UTC' }

describe('planMessage', () => {
  it('waits for others of the same subject, but for none where each goes on its own', () => {
    const groupKey = `${keyId} multiple_ips`
    expect(planMessage(told(anomaly('high')), sink, noon)).toEqual({ groupKey, at: noon + 60_000 })
    expect(planMessage(told(anomaly('high')), { ...sink, groupSeconds: 0 }, noon)).toEqual({ groupKey: '7', at: noon })
  })

  it('puts an anomaly that grows graver with what was told of it, and other alerts apart', () => {
    expect(groupKeyOf(anomaly('high', 'anomaly.escalated'))).toBe(groupKeyOf(anomaly('medium')))
    expect(groupKeyOf(expiring)).toBe(`${keyId} key.expiring`)
  })

  it('lets what is critical go at once, but not again within the time of grouping', () => {
    expect(planMessage(told(anomaly('critical')), sink, noon).at).toBe(noon)
    expect(planMessage(told(anomaly('critical')), { ...sink, lastCriticalAt: noon - 10_000 }, noon).at).toBe(
      noon + 50_000,
    )
    expect(planMessage(told(anomaly('critical')), { ...sink, lastCriticalAt: noon - 90_000 }, noon).at).toBe(noon)
  })

  it('puts off to the end of the quiet time, together, unless it is critical', () => {
    const quiet = { ...sink, quietHours: lunch }
    expect(planMessage(told(anomaly('high')), quiet, noon)).toEqual({ groupKey: 'quiet', at: noon + 3_600_000 })
    expect(planMessage(told(expiring), quiet, noon).groupKey).toBe('quiet')
    expect(planMessage(told(anomaly('critical')), quiet, noon)).toEqual({ groupKey: `${keyId} multiple_ips`, at: noon })
  })

  it('puts off what would go out within the quiet time', () => {
    const quiet = { ...sink, quietHours: lunch }
    const before = Date.parse('2026-01-05T11:29:30.000Z')
    expect(planMessage(told(anomaly('high')), quiet, before)).toEqual({ groupKey: 'quiet', at: noon + 3_600_000 })
  })

  it('takes all together where too many messages wait', () => {
    expect(planMessage(told(anomaly('high')), { ...sink, open: maxOpenMessages }, noon).groupKey).toBe('rest')
  })
})

describe('waitForQuiet', () => {
  it('holds back all but what is critical, tests, and what is over', () => {
    expect(waitForQuiet({ quietHours: lunch }, 'high', noon)).toBe(noon + 3_600_000)
    expect(waitForQuiet({ quietHours: lunch }, 'critical', noon)).toBeUndefined()
    expect(waitForQuiet({ quietHours: lunch }, null, noon)).toBeUndefined()
    expect(waitForQuiet({ quietHours: null }, 'low', noon)).toBeUndefined()
  })
})

describe('matches', () => {
  const all = { minSeverity: 'low', types: [], rules: [], owners: [] } as const
  const high = { type: 'anomaly.detected', severity: 'high', rule: 'multiple_ips', owner: 'team-a' } as const
  it.each([
    [{}, true],
    [{ minSeverity: 'high' as const }, true],
    [{ minSeverity: 'critical' as const }, false],
    [{ types: ['anomaly.detected'] }, true],
    [{ types: ['key.expiring'] }, false],
    [{ rules: ['multiple_ips', 'other'] }, true],
    [{ rules: ['other'] }, false],
    [{ owners: ['team-a'], rules: ['multiple_ips'] }, true],
    [{ owners: ['team-b'], rules: ['multiple_ips'] }, false],
  ])('by %o: %s', (some, expected) => {
    expect(matches({ ...all, types: [], rules: [], owners: [], ...some }, high)).toBe(expected)
  })

  it('passes no alert without an owner or a rule where one is wanted', () => {
    const nobody = { ...high, owner: null, rule: null }
    expect(matches({ ...all, types: [], rules: [], owners: ['team-a'] }, nobody)).toBe(false)
    expect(matches({ ...all, types: [], rules: ['multiple_ips'], owners: [] }, nobody)).toBe(false)
  })
})
