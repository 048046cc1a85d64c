import { createId } from '@momentry/shared/platform/id.ts'
import type { UsageEvent } from '@momentry/shared/usage/event.ts'
import { toColumns } from '@momentry/shared/usage/roll-up/columns.ts'
import { sumEvents } from '@momentry/shared/usage/roll-up/sums.ts'
import { writeSums } from '@momentry/shared/usage/roll-up/write.ts'
import { afterAll, beforeAll, describe, expect, it } from 'vitest'
import { createWorkbench, type Workbench } from '../../support/workbench.ts'
import { makeKey } from '../client.ts'
import { type Harness, startHarness } from '../harness.ts'

let t: Harness
let bench: Workbench
beforeAll(async () => {
  t = await startHarness()
  bench = await createWorkbench(t.stores.env)
})
afterAll(async () => {
  await bench.close()
  await t.close()
})

const hour = 3_600_000
const unknown = '00000000-0000-4000-8000-000000000000'

describe('GET /v1/keys/summary', () => {
  it('counts each key once by type and once by status', async () => {
    await makeKey(t.asRoot, { type: 'user' })
    const revoked = await makeKey(t.asRoot)
    await t.asRoot('DELETE', `/v1/keys/${revoked.id}`)
    const off = await makeKey(t.asRoot, { type: 'integration' })
    await t.asRoot('PATCH', `/v1/keys/${off.id}`, { body: { enabled: false } })
    const { id } = await makeKey(t.asRoot, { type: 'emergency' })
    await bench.postgres.pool.query("UPDATE api_keys SET expires_at = now() - interval '1 hour' WHERE id = $1", [id])
    expect((await t.asRoot('GET', '/v1/keys/summary')).body).toEqual({
      total: 5,
      byType: { system: 1, user: 1, service: 1, integration: 1, emergency: 1 },
      activeByType: { system: 1, user: 1, service: 0, integration: 0, emergency: 0 },
      byStatus: { active: 2, disabled: 1, expired: 1, revoked: 1 },
    })
  })
})

describe('GET /v1/keys/{id}/activity', () => {
  it('tells of the last hour, of the average, and of addresses, the last seen first', async () => {
    const { id } = await makeKey(t.asRoot)
    const now = Date.now()
    const use = (hoursAgo: number, more: Partial<UsageEvent> = {}): UsageEvent => ({
      ...{ keyId: id, at: now - hoursAgo * hour, ip: '192.0.2.1', status: 200, latencyMs: undefined },
      ...more,
    })
    const events = [
      ...[use(200, { ip: '192.0.2.99' }), use(48), use(47, { status: 500 }), use(2, { ip: '2001:db8::1' })],
      ...[use(0.5), use(0.4), use(0.3)],
    ]
    await writeSums(bench.postgres.pool, { flushId: createId(), partition: 0, sums: toColumns(sumEvents(events)) })
    const { body } = await t.asRoot('GET', `/v1/keys/${id}/activity`)
    expect(body).toMatchObject({
      lastUsedAt: expect.any(String),
      requestsLastHour: 3,
      requestsPerHour: expect.closeTo(6 / 48, 2),
      addressCount: 2,
      addresses: [
        { address: '192.0.2.1', requests: 5, errors: 1 },
        { address: '2001:db8::1', requests: 1, errors: 0 },
      ],
      habit: { days: 0, requests: 0, ready: false },
    })
  })

  it('is all empty for a key that was never used', async () => {
    const { id } = await makeKey(t.asRoot)
    expect((await t.asRoot('GET', `/v1/keys/${id}/activity`)).body).toEqual({
      ...{ lastUsedAt: null, requestsLastHour: 0, requestsPerHour: 0, addresses: [], addressCount: 0 },
      hourOfWeek: new Array(168).fill(0),
      habit: { days: 0, requests: 0, ready: false },
    })
  })
})

describe('GET /v1/keys/{id}/versions', () => {
  it('tells the current version from those that still validate and those that do not', async () => {
    const { id } = await makeKey(t.asRoot)
    const one = await t.asRoot('GET', `/v1/keys/${id}/versions`)
    expect(one.body).toEqual({
      data: [
        expect.objectContaining({
          version: 1,
          state: 'current',
          expiresAt: null,
          lastUsedAt: null,
          hint: expect.any(String),
        }),
      ],
    })
    await bench.postgres.pool.query(
      `UPDATE api_key_secrets SET superseded_at = now(), grace_ends_at = now() + interval '1 hour' WHERE key_id = $1`,
      [id],
    )
    await bench.postgres.pool.query(
      `INSERT INTO api_key_secrets (key_id, version, digest, hint, created_at) VALUES ($1, 2, sha256($2), 'abcd', now())`,
      [id, id],
    )
    const states = async () => (await t.asRoot('GET', `/v1/keys/${id}/versions`)).body
    expect(await states()).toMatchObject({
      data: [
        { version: 2, state: 'current' },
        { version: 1, state: 'grace' },
      ],
    })
    await t.asRoot('DELETE', `/v1/keys/${id}`)
    expect(await states()).toMatchObject({
      data: [
        { version: 2, state: 'ended' },
        { version: 1, state: 'ended' },
      ],
    })
    expect(one.text).not.toMatch(/digest|mty_/)
  })
})

it.each(['activity', 'versions'])('%s knows no key that is not there, and needs keys:read', async (what) => {
  const { id } = await makeKey(t.asRoot)
  expect(await t.asRoot('GET', `/v1/keys/${unknown}/${what}`)).toMatchObject({
    status: 404,
    body: { code: 'KEY_NOT_FOUND' },
  })
  expect((await t.asRoot('GET', `/v1/keys/x/${what}`)).status).toBe(400)
  expect((await t.asAnyone('GET', `/v1/keys/${id}/${what}`)).status).toBe(401)
  for (const path of [`/v1/keys/${id}/${what}`, '/v1/keys/summary']) {
    expect((await (await t.as('usage:write'))('GET', path)).status).toBe(403)
    expect((await (await t.as('keys:read'))('GET', path)).status).toBe(200)
  }
})
