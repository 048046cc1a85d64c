import { createId } from '@momentry/shared/platform/id.ts'
import { afterAll, beforeAll, describe, expect, it } from 'vitest'
import { createRequests } from '../../rotation/support.ts'
import { createBootstrapKey } from '../../support/bootstrap-key.ts'
import { createWorkbench, type Workbench } from '../../support/workbench.ts'
import { makeKey } from '../client.ts'
import { type Harness, shareHarness } from '../harness.ts'

// No worker runs, so what is queued stays queued.
let t: Harness
let bench: Workbench
let r: ReturnType<typeof createRequests>
beforeAll(async () => {
  t = await shareHarness()
  bench = await createWorkbench(t.stores.env)
  r = createRequests(t.asRoot)
})
afterAll(async () => {
  await bench.close()
  await t.close()
})

const unknown = createId()
const rotate = (id: string, body?: unknown, headers = {}) =>
  t.asRoot('POST', `/v1/keys/${id}/rotate`, { ...(body !== undefined && { body }), headers })
const cancel = (id: string, call = t.asRoot) => call('POST', `/v1/rotations/${id}/cancel`)

describe('POST /v1/keys/{id}/rotate', () => {
  it('queues a rotation, and says where it is', async () => {
    const { id } = await makeKey(t.asRoot, { name: 'billing' })
    const answer = await rotate(id, { reason: 'yearly', graceSeconds: 7200 })
    expect(answer).toMatchObject({ status: 202, body: { rotationId: expect.any(String), status: 'queued' } })
    const { rotationId } = Object(answer.body)
    expect(answer.headers.get('location')).toBe(`/v1/rotations/${rotationId}`)
    const { body } = await t.asRoot('GET', `/v1/rotations/${rotationId}`)
    expect(body).toEqual({
      id: rotationId,
      keyId: id,
      keyName: 'billing',
      keyType: 'service',
      jobId: expect.any(String),
      kind: 'manual',
      state: 'queued',
      reason: 'yearly',
      requestedBy: t.root.keyId,
      createdAt: expect.any(String),
      updatedAt: expect.any(String),
      claimable: false,
      ...Object.fromEntries(
        'anomalyId fromVersion toVersion graceEndsAt claimedAt claimedBy firstUsedAt error startedAt finishedAt usage'
          .split(' ')
          .map((field) => [field, null]),
      ),
    })
  })

  it('needs no body', async () => {
    const { id } = await makeKey(t.asRoot)
    const { status, body } = await rotate(id)
    expect({ status, body }).toMatchObject({ status: 202, body: { status: 'queued' } })
  })

  it('gives the same rotation for the same request, and refuses another one that is not forced', async () => {
    const { id } = await makeKey(t.asRoot)
    const first = await r.request(id, { graceSeconds: 60 })
    expect(await r.request(id, { graceSeconds: 60, reason: 'again' })).toBe(first)
    for (const body of [{}, { graceSeconds: 61 }])
      expect(await rotate(id, body)).toMatchObject({ status: 409, body: { code: 'ROTATION_IN_PROGRESS' } })
    const forced = await r.request(id, { forced: true })
    expect(forced).not.toBe(first)
    expect(await r.read(first)).toMatchObject({ state: 'cancelled', error: 'a forced rotation took its place' })
    expect(await r.request(id, { forced: true })).toBe(forced)
    expect(await rotate(id, {})).toMatchObject({ status: 409, body: { code: 'ROTATION_IN_PROGRESS' } })
  })

  it('gives the same answer for the same Idempotency-Key, also once the rotation is over', async () => {
    const { id } = await makeKey(t.asRoot)
    const headers = { 'idempotency-key': 'once' }
    const first = await rotate(id, { reason: 'a' }, headers)
    await cancel(Object(first.body).rotationId)
    const again = await rotate(id, { reason: 'a' }, headers)
    expect(again).toMatchObject({ status: 202, body: first.body })
    expect(again.headers.get('idempotency-replayed')).toBe('true')
    expect(again.headers.get('location')).toBe(first.headers.get('location'))
    expect(await rotate(id, { reason: 'b' }, headers)).toMatchObject({ status: 422 })
  })

  it('refuses keys that are unknown, revoked or expired', async () => {
    const { id } = await makeKey(t.asRoot)
    await t.asRoot('POST', `/v1/keys/${id}/revoke`, { body: {} })
    expect(await rotate(id, {})).toMatchObject({ status: 409, body: { code: 'KEY_REVOKED' } })
    const { id: old } = await makeKey(t.asRoot)
    await bench.postgres.pool.query('UPDATE api_keys SET expires_at = now() WHERE id = $1', [old])
    expect(await rotate(old, {})).toMatchObject({ status: 409, body: { code: 'KEY_EXPIRED' } })
    expect(await rotate(unknown, {})).toMatchObject({ status: 404, body: { code: 'KEY_NOT_FOUND' } })
    expect((await rotate('x', {})).status).toBe(400)
  })

  it.each([
    [{ graceSeconds: -1 }, '/graceSeconds'],
    [{ graceSeconds: 1.5 }, '/graceSeconds'],
    [{ graceSeconds: 259_201 }, '/graceSeconds'],
    [{ graceSeconds: '60' }, '/graceSeconds'],
    [{ forced: 'yes' }, '/forced'],
    [{ forced: true, graceSeconds: 60 }, '/graceSeconds'],
    [{ reason: 7 }, '/reason'],
    [{ reason: 'two\nlines' }, '/reason'],
    [{ reason: 'x'.repeat(501) }, '/reason'],
    [{ kind: 'scheduled' }, '/kind'],
    [[], ''],
  ])('refuses %j', async (body, pointer) => {
    const { id } = await makeKey(t.asRoot)
    const answer = await rotate(id, body)
    expect(answer).toMatchObject({ status: 400, body: { code: 'VALIDATION_FAILED', errors: [{ pointer }] } })
  })
})

describe('a system key', () => {
  it('is rotated, its rotation cancelled, and its failed job retried, only by who holds all that it holds', async () => {
    const { keyId } = await createBootstrapKey(t.stores.databaseUrl)
    const lesser = await t.as('rotations:*', 'jobs:*', 'keys:*')
    const refused = { status: 403, body: { code: 'SCOPE_NOT_HELD' } }
    expect(await lesser('POST', `/v1/keys/${keyId}/rotate`, { body: {} })).toMatchObject(refused)
    const rotation = await r.read(await r.request(keyId))
    expect(await cancel(rotation.id, lesser)).toMatchObject(refused)
    const { pool } = bench.postgres
    await pool.query("UPDATE jobs SET state = 'failed' WHERE id = $1", [rotation.jobId])
    await pool.query("UPDATE api_key_rotations SET state = 'failed' WHERE id = $1", [rotation.id])
    const retry = (call: typeof t.asRoot) => call('POST', `/v1/jobs/${rotation.jobId}/retry`)
    expect(await retry(lesser)).toMatchObject(refused)
    expect(await retry(t.asRoot)).toMatchObject({ status: 200, body: { state: 'queued' } })
    expect(await r.read(rotation.id)).toMatchObject({ state: 'queued', finishedAt: null })
  })
})
