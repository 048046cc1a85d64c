import type { Severity } from '@momentry/shared/anomalies/finding.ts'
import { afterAll, beforeAll, describe, expect, it } from 'vitest'
import { makeKey } from '../../api/client.ts'
import { type RotationHarness, shareRotationHarness } from '../support.ts'
import { actionAlerts, readActions, readRotations, settled, tellFinding } from './findings.ts'

let t: RotationHarness
beforeAll(async () => {
  t = await shareRotationHarness()
})
afterAll(() => t.close())

const rotationsOf = (keyId: string) => readRotations(t, keyId)
const actionsOf = (keyId: string) => readActions(t.bench, [keyId])
const actedAlerts = (keyId: string) => actionAlerts(t.bench, keyId)
const keyOfId = async (id: string) => (await t.asRoot('GET', `/v1/keys/${id}`)).body
const audited = async (keyId: string) => (await t.asRoot('GET', `/v1/audit?keyId=${keyId}`)).body
const make = (policy: object) => makeKey(t.asRoot, { policy })

/** Tells of a finding about a key and waits until all is done about it. */
async function find(keyId: string, change: Parameters<typeof tellFinding>[1] | object = {}) {
  const finding = await tellFinding(t.bench, { ...change, keyId })
  await settled(t.bench)
  return finding
}

describe('a policy', () => {
  it('rotates by force, and tells of it', async () => {
    const { id, key: old } = await make({ onAnomaly: 'rotate' })
    const finding = await find(id)
    const [rotation] = await rotationsOf(id)
    expect(rotation).toMatchObject({
      kind: 'forced',
      reason: 'anomaly: high_request_rate',
      anomalyId: finding.id,
      requestedBy: null,
    })
    await t.reached(rotation?.id ?? '', 'completed')
    await expect.poll(() => t.validate(old)).toBe('ROTATED')
    expect(await t.validate(await t.fetchSecret(rotation?.id ?? ''))).toBe('VALID')
    const told = { anomalyId: finding.id, action: 'rotate', dryRun: false, rotationId: rotation?.id, severity: 'high' }
    expect(actedAlerts(id)).toMatchObject([{ data: { ...told, keyName: 'test', keyType: 'service' } }])
    expect(await audited(id)).toMatchObject({
      data: expect.arrayContaining([
        expect.objectContaining({
          action: 'policy.acted',
          actorKeyId: null,
          after: { action: 'rotate', anomalyId: finding.id, rotationId: rotation?.id },
        }),
      ]),
    })
  })

  it('disables, and tells of it', async () => {
    const { id, key } = await make({ onAnomaly: 'disable' })
    const finding = await find(id)
    await expect.poll(() => t.validate(key)).toBe('DISABLED')
    expect(await keyOfId(id)).toMatchObject({ enabled: false, secretVersion: 1 })
    expect(await rotationsOf(id)).toEqual([])
    expect(actedAlerts(id)).toMatchObject([
      { data: { anomalyId: finding.id, action: 'disable', dryRun: false, rotationId: null } },
    ])
    // What is disabled already is left alone, even where it is enabled again within the hour.
    await find(id)
    expect(await actionsOf(id)).toHaveLength(1)
  })

  it.each<[string, object, Severity, boolean]>([
    ['does nothing by default', {}, 'critical', false],
    ['does nothing where it says so', { onAnomaly: 'none', minimumSeverity: 'low' }, 'critical', false],
    ['acts from high on by default', { onAnomaly: 'rotate' }, 'medium', false],
    ['acts from high on by default', { onAnomaly: 'rotate' }, 'critical', true],
    ['acts from its minimum on', { onAnomaly: 'rotate', minimumSeverity: 'low' }, 'low', true],
    ['acts from its minimum on', { onAnomaly: 'disable', minimumSeverity: 'critical' }, 'high', false],
  ])('%s: %j, on %s: %s', async (_, policy, severity, acts) => {
    const { id } = await make(policy)
    const finding = await find(id, { severity })
    expect((await actionsOf(id)).map(({ anomalyId }) => anomalyId)).toEqual(acts ? [finding.id] : [])
    expect(t.bench.alerts.filter(({ data }) => data.id === finding.id)).toMatchObject([{ type: 'anomaly.detected' }])
    expect(actedAlerts(id)).toHaveLength(acts ? 1 : 0)
  })

  it('acts on an anomaly that grows as grave as its minimum, once', async () => {
    const { id } = await make({ onAnomaly: 'rotate' })
    const { id: anomalyId } = await find(id, { severity: 'medium' })
    expect(await actionsOf(id)).toEqual([])
    await find(id, { id: anomalyId, kind: 'escalated', severity: 'high' })
    await find(id, { id: anomalyId, kind: 'escalated', severity: 'critical' })
    await find(id, { id: anomalyId, kind: 'ended', severity: 'critical' })
    expect(await actionsOf(id)).toMatchObject([{ anomalyId }])
    expect(await rotationsOf(id)).toHaveLength(1)
  })

  it.each(['rotate', 'disable'] as const)('in a dry run only notes and tells: %s', async (onAnomaly) => {
    const { id, key } = await make({ onAnomaly, dryRun: true })
    const finding = await find(id)
    expect(await actionsOf(id)).toMatchObject([{ action: onAnomaly, dryRun: true, rotationId: null }])
    expect(actedAlerts(id)).toMatchObject([
      { data: { anomalyId: finding.id, action: onAnomaly, dryRun: true, rotationId: null } },
    ])
    expect(await audited(id)).toMatchObject({ data: [{ action: 'policy.dry-run' }, { action: 'key.created' }] })
    expect(await rotationsOf(id)).toEqual([])
    expect(await t.validate(key)).toBe('VALID')
  })

  it.each([{ dryRun: false }, { dryRun: true }])('acts at most once per key and hour: %j', async ({ dryRun }) => {
    const { id } = await make({ onAnomaly: 'rotate', dryRun })
    await find(id)
    for (const rule of ['multiple_ips', 'high_error_rate']) await find(id, { rule, severity: 'critical' })
    expect(await actionsOf(id)).toHaveLength(1)
    await t.bench.postgres.pool.query(
      "UPDATE api_key_policy_actions SET at = at - interval '1 hour 1 second' WHERE key_id = $1",
      [id],
    )
    const later = await find(id, { rule: 'multiple_ips' })
    expect((await actionsOf(id)).map(({ anomalyId }) => anomalyId)).toContain(later.id)
    expect(await actionsOf(id)).toHaveLength(2)
  })

  it.each(['dead_key_used', 'emergency_key_used'])('never acts on %s', async (rule) => {
    const { id } = await make({ onAnomaly: 'rotate', minimumSeverity: 'low' })
    await find(id, { rule, severity: 'critical' })
    expect(await actionsOf(id)).toEqual([])
    expect(actedAlerts(id)).toEqual([])
  })

  it('leaves keys alone that are dead already', async () => {
    const { id } = await make({ onAnomaly: 'rotate' })
    await t.asRoot('POST', `/v1/keys/${id}/revoke`, { body: {} })
    await find(id)
    expect(await actionsOf(id)).toEqual([])
  })

  it('takes the place of a rotation that is under way or in its grace', async () => {
    const { id, key: old } = await make({ onAnomaly: 'rotate' })
    await t.rotate(id)
    await find(id)
    const [latest] = await rotationsOf(id)
    expect(await t.reached(latest?.id ?? '', 'completed')).toMatchObject({ kind: 'forced', fromVersion: 2 })
    await expect.poll(() => t.validate(old)).toBe('ROTATED')
  })

  it('acts on what usage events show', async () => {
    const { id } = await make({ onAnomaly: 'disable', minimumSeverity: 'low', anomaly: { requestsPerMinute: 10 } })
    const at = Date.now()
    const event = { keyId: id, at, ip: '192.0.2.1', status: 200, latencyMs: undefined }
    await t.bench.append(
      'storm',
      Array.from({ length: 11 }, () => event),
      300,
    )
    await expect.poll(() => keyOfId(id)).toMatchObject({ enabled: false })
    await expect.poll(() => actedAlerts(id)).toHaveLength(1)
  })
})
