import fc from 'fast-check'
import { describe, expect, it } from 'vitest'
import type { Alert } from '../../alerts/alert.ts'
import type { Message } from '../sender.ts'
import { clip, oneLine } from './line.ts'
import { tellAlert } from './tell-alert.ts'
import { tellMessage } from './tell-message.ts'

const id = '019a2b3c-4d5e-7f60-8a9b-0c1d2e3f4a5b'
const keyId = '019a2b3c-4d5e-7f60-8a9b-000000000001'
const other = '019a2b3c-4d5e-7f60-8a9b-000000000002'
const timestamp = '2026-01-05T12:00:00.000Z'
const about = { id, severity: 'high', explanation: 'since it is so' } as const
const key = { ...about, keyId, keyName: 'billing', keyType: 'service' } as const
const anomaly = {
  ...key,
  ...{ rule: 'high_error_rate', observed: 0.123456, threshold: 0.5, baseline: 0.01 },
  window: { start: timestamp, end: timestamp },
}
const rotation = { ...key, rotationId: other, kind: 'manual', fromVersion: 1, toVersion: 2, graceEndsAt: timestamp }
const address = { ...about, address: '203.0.113.7', observed: 5, threshold: 5, until: timestamp }
const credential = {
  ...about,
  ...{ system: 'gitea', credentialId: keyId, credentialName: 'ci', owner: 'ada', rotationId: null },
}
const action = { ...key, anomalyId: other, action: 'disable', rotationId: null } as const

const alerts: [Alert, string, string | undefined][] = [
  [{ type: 'anomaly.detected', timestamp, data: anomaly }, 'high_error_rate on billing', `/anomalies/${id}`],
  [
    { type: 'anomaly.escalated', timestamp, data: anomaly },
    'high_error_rate on billing grows graver',
    `/anomalies/${id}`,
  ],
  [{ type: 'rotation.completed', timestamp, data: rotation }, 'billing has a new secret', `/rotations/${other}`],
  [
    { type: 'rotation.unclaimed', timestamp, data: rotation },
    'nobody has claimed the new secret of billing',
    `/rotations/${other}`,
  ],
  [{ type: 'rotation.failed', timestamp, data: rotation }, 'the rotation of billing failed', `/rotations/${other}`],
  [
    { type: 'key.expiring', timestamp, data: { ...key, expiresAt: timestamp } },
    'billing expires soon',
    `/keys/${keyId}`,
  ],
  [
    { type: 'policy.acted', timestamp, data: { ...action, dryRun: false } },
    'a policy acted on billing: disable',
    `/anomalies/${other}`,
  ],
  [
    { type: 'policy.acted', timestamp, data: { ...action, dryRun: true } },
    'a policy acted on billing: disable (dry run)',
    `/anomalies/${other}`,
  ],
  [
    {
      type: 'key.leaked',
      timestamp,
      data: { ...key, source: 'github', url: 'https://github.com/a/b', action: 'rotate', rotationId: null },
    },
    'a secret of billing leaked',
    `/keys/${keyId}`,
  ],
  [{ type: 'address.locked', timestamp, data: address }, '203.0.113.7 is locked out', undefined],
  [{ type: 'credential_stuffing', timestamp, data: address }, '203.0.113.7 tries secrets from a list', undefined],
  [{ type: 'backup.failed', timestamp, data: about }, 'a backup failed', '/backups'],
  [{ type: 'credential.rotated', timestamp, data: credential }, 'ci on gitea was rotated', '/integrations'],
]

describe('tellAlert', () => {
  it.each(alerts)('%j', (alert, title, page) => {
    const told = tellAlert(alert, 'https://momentry.example.com')
    expect(told).toMatchObject({ title, severity: 'high', explanation: 'since it is so', at: timestamp })
    expect(told.link).toBe(page === undefined ? undefined : `https://momentry.example.com/console${page}`)
    expect(tellAlert(alert, undefined).link).toBeUndefined()
    expect(told.facts.length).toBeLessThanOrEqual(10)
    expect(told.facts.map(({ value }) => value)).not.toContain('null')
  })

  it('shortens shares, and leaves out what is not known', () => {
    const { baseline: _, ...without } = anomaly
    const { facts } = tellAlert({ type: 'anomaly.detected', timestamp, data: without }, undefined)
    expect(facts).toContainEqual({ name: 'Observed', value: '0.1235' })
    expect(facts.map(({ name }) => name)).not.toContain('Usual')
  })

  it('makes one line of whatever a name holds, within bounds', () => {
    fc.assert(
      fc.property(fc.string({ unit: 'binary', maxLength: 400 }), (keyName) => {
        const told = tellAlert(
          { type: 'key.expiring', timestamp, data: { ...key, keyName, expiresAt: timestamp } },
          undefined,
        )
        for (const text of [told.title, ...told.facts.map(({ value }) => value)]) {
          expect(text).not.toMatch(/[\r\n\0\u2028\u2029\u202e]/)
          expect(text.length).toBeLessThanOrEqual(500)
          expect(text.isWellFormed() || !keyName.isWellFormed()).toBe(true)
        }
      }),
      { numRuns: 25 },
    )
  })
})

describe('tellMessage', () => {
  const sink = { id, name: 'on\ncall', kind: 'slack', target: { kind: 'slack', url: 'https://x.example' } } as const
  const message = (list: Alert[], change: Partial<Message> = {}): Message => ({
    ...{ id, sink, omitted: 0, test: false },
    alerts: list.map((alert, seq) => ({ seq, alert })),
    ...change,
  })
  const [first, second] = [alerts[0]?.[0], alerts[9]?.[0]].filter((alert) => alert !== undefined)

  it('is titled by the gravest of its alerts, the latest of those', () => {
    if (!first || !second) throw new Error('there are two')
    expect(tellMessage(message([first]), undefined).title).toBe('high_error_rate on billing')
    expect(tellMessage(message([first, second], { omitted: 3 }), undefined)).toMatchObject({
      title: '203.0.113.7 is locked out, and 4 more',
      severity: 'high',
      omitted: 3,
    })
    const graver = { ...first, data: { ...anomaly, severity: 'critical' } } as const satisfies Alert | object
    expect(tellMessage(message([graver as Alert, second]), undefined)).toMatchObject({ severity: 'critical' })
  })

  it('says that a test is one', () => {
    expect(tellMessage(message([], { test: true }), undefined)).toMatchObject({
      title: 'Test of the alert sink on call',
      alerts: [],
      note: expect.stringContaining('Nothing has happened'),
    })
  })
})

describe('lines', () => {
  it('are cut with a mark, never within a character', () => {
    expect(clip('abc', 3)).toBe('abc')
    expect(clip('abcd', 3)).toBe('ab…')
    expect(clip('a\u{1f4a5}bcd', 3).isWellFormed()).toBe(true)
    expect(oneLine('  a\r\n b\u0000c  ', 10)).toBe('a b c')
  })
})
