import { createId } from '@momentry/shared/platform/id.ts'
import type { Alarm, UsageEvent } from '@momentry/shared/usage/event.ts'
import { afterAll, beforeAll, describe, expect, it } from 'vitest'
import { createClient, makeKey } from '../../api/client.ts'
import { keyOf, type RotationHarness, shareRotationHarness } from '../support.ts'
import { settled } from './findings.ts'

let t: RotationHarness
beforeAll(async () => {
  t = await shareRotationHarness()
})
afterAll(() => t.close())

const claim = (secret: string) => createClient(t.api.url, secret)('POST', '/v1/keys/self/claim')
const validate = async (key: string, input: object = {}) =>
  (await t.asAnyone('POST', '/v1/keys/validate', { body: { key, ...input } })).body
const revoke = (id: string) => t.asRoot('POST', `/v1/keys/${id}/revoke`, { body: {} })
const alertsOf = (keyId: string) =>
  t.bench.alerts.filter(({ type, data }) => type === 'anomaly.detected' && data.keyId === keyId)

/** Waits for so many alerts about a key, and then for all that was on its way. */
async function alertsAre(keyId: string, count: number) {
  await expect.poll(() => alertsOf(keyId).length).toBeGreaterThanOrEqual(count)
  await settled(t.bench)
  expect(alertsOf(keyId)).toHaveLength(count)
  return alertsOf(keyId)
}

describe('dead_key_used', () => {
  const dead = { rule: 'dead_key_used', severity: 'medium', observed: 1 }

  it('is raised once, however often a secret that was rotated out is used, and wherever', async () => {
    const { id, key: old } = await makeKey(t.asRoot, { name: 'leaked' })
    await t.rotate(id, { forced: true })
    await expect.poll(() => t.validate(old)).toBe('ROTATED')
    for (let use = 0; use < 5; use += 1) await validate(old, { recordUsage: use % 2 === 0 })
    expect((await createClient(t.api.url, old)('GET', '/v1/keys')).status).toBe(401)
    expect((await claim(old)).status).toBe(401)
    expect(await alertsAre(id, 1)).toMatchObject([
      { data: { ...dead, keyName: 'leaked', explanation: expect.stringMatching(/rotated out.*, from 127\.0\.0\.1$/) } },
    ])
    const rows = (await t.bench.anomalies()).filter(({ keyId }) => keyId === id)
    expect(rows).toMatchObject([{ rule: 'dead_key_used', severity: 'medium', endedAt: expect.any(Date) }])
  })

  it('is raised by a use against Momentry itself alone', async () => {
    const { id, key } = await makeKey(t.asRoot)
    await revoke(id)
    await expect.poll(async () => (await createClient(t.api.url, key)('GET', '/v1/keys')).text).toContain('REVOKED')
    await alertsAre(id, 1)
  })

  it('is raised by a revoked key, and names that', async () => {
    const { id, key } = await makeKey(t.asRoot)
    await revoke(id)
    await expect.poll(() => t.validate(key)).toBe('REVOKED')
    await validate(key)
    expect(await alertsAre(id, 1)).toMatchObject([
      { data: { ...dead, explanation: expect.stringContaining('revoked') } },
    ])
  })

  it('is not raised by keys that are disabled, expired or unknown, nor by a secret in its grace', async () => {
    const { id, key: old } = await makeKey(t.asRoot)
    await t.rotate(id)
    expect(await t.validate(old)).toBe('VALID')
    await t.asRoot('PATCH', `/v1/keys/${id}`, { body: { enabled: false } })
    await expect.poll(() => t.validate(old)).toBe('DISABLED')
    await settled(t.bench)
    expect(alertsOf(id)).toEqual([])
  })

  it('is raised again after an hour, by the time of the uses', async () => {
    const { id } = await makeKey(t.asRoot)
    const from = Math.floor(Date.now() / 1000 - 7200) * 1000
    const use = (second: number, alarm: Alarm): UsageEvent => ({
      keyId: id,
      at: from + second * 1000,
      ip: '192.0.2.7',
      status: 401,
      latencyMs: undefined,
      sighting: { counted: false, version: 1, rotationId: undefined, alarm, useId: createId() },
    })
    const uses = [
      use(0, 'rotated'),
      use(1, 'revoked'),
      use(3599, 'rotated'),
      use(3600, 'revoked'),
      use(3700, 'rotated'),
    ]
    for (const event of uses) await t.bench.append(createId(), [event], 300)
    const alerts = await alertsAre(id, 2)
    expect(new Set(alerts.map(({ data }) => data.id)).size).toBe(2)
    const seconds = alerts.map(({ data }) => 'window' in data && (Date.parse(data.window.start) - from) / 1000)
    expect(seconds).toEqual([0, 3600])
  })
})

describe('emergency_key_used', () => {
  it('is raised by every use, counted or not, by a service or against Momentry, and by nothing else', async () => {
    const { id, key } = await makeKey(t.asRoot, { type: 'emergency', name: 'break glass', scopes: ['keys:read'] })
    await validate(key)
    await validate(key, { recordUsage: false })
    expect((await createClient(t.api.url, key)('GET', '/v1/keys?limit=1')).status).toBe(200)
    const alerts = await alertsAre(id, 3)
    for (const alert of alerts)
      expect(alert.data).toMatchObject({ rule: 'emergency_key_used', severity: 'high', keyType: 'emergency' })
    expect(new Set(alerts.map(({ data }) => data.id)).size).toBe(3)

    // Nor does a use that is refused for want of a scope go untold; one by a service that also sends it as bearer is two.
    await validate(key, { scopes: ['more'] })
    await createClient(t.api.url, key)('POST', '/v1/keys', { body: { type: 'user', name: 'x' } })
    await createClient(t.api.url, key)('POST', '/v1/keys/validate', { body: { key } })
    await alertsAre(id, 7)
    expect((await t.bench.anomalies()).filter(({ keyId }) => keyId === id)).toHaveLength(7)
  })

  it('is not raised by one that is disabled; a dead one is told of as such', async () => {
    const { id, key } = await makeKey(t.asRoot, { type: 'emergency' })
    await t.asRoot('PATCH', `/v1/keys/${id}`, { body: { enabled: false } })
    await expect.poll(() => t.validate(key)).toBe('DISABLED')
    await settled(t.bench)
    const before = alertsOf(id).length
    await validate(key)
    await settled(t.bench)
    expect(alertsOf(id)).toHaveLength(before)
    await revoke(id)
    await expect.poll(() => t.validate(key)).toBe('REVOKED')
    await expect.poll(() => alertsOf(id).map(({ data }) => 'rule' in data && data.rule)).toContain('dead_key_used')
  })
})

describe('a use that a service reports by itself', () => {
  it('is seen by the rotation, and not counted as usage', async () => {
    const { id, key: old } = await makeKey(t.asRoot)
    const rotation = await t.rotate(id)
    for (let use = 0; use < 3; use += 1) await validate(old, { recordUsage: false })
    const successor = keyOf(await claim(old))
    await validate(successor, { recordUsage: false })
    for (let use = 0; use < 2; use += 1) await validate(old)
    const usage = async () => (await t.read(rotation.id)).usage
    // The claim itself is a use of the old secret.
    await expect.poll(usage).toMatchObject({ old: { requests: 6 }, new: { requests: 1 } })
    const totals = async () => (await t.asRoot('GET', `/v1/keys/${id}/stats`)).body
    await expect.poll(totals).toMatchObject({ totals: { requests: 2, errors: 0 } })
    expect(alertsOf(id)).toEqual([])
  })
})
