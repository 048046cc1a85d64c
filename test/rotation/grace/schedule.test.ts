import { systemActor } from '@momentry/shared/platform/context.ts'
import { assignDates } from '@momentry/shared/rotation/upkeep/assign-dates.ts'
import { afterAll, beforeAll, describe, expect, it } from 'vitest'
import { z } from 'zod'
import { makeKey } from '../../api/client.ts'
import { createTestSigner } from '../../support/signer.ts'
import { type Rotation, type RotationHarness, rotationSchema, startRotationHarness } from '../support.ts'

const hour = 3_600_000
const day = 24 * hour

let t: RotationHarness
beforeAll(async () => {
  t = await startRotationHarness()
})
afterAll(() => t.close())

const keySchema = z.looseObject({ nextRotationAt: z.string().nullable(), createdAt: z.string() })
const read = async (id: string) => keySchema.parse((await t.asRoot('GET', `/v1/keys/${id}`)).body)
const patch = (id: string, body: object) => t.asRoot('PATCH', `/v1/keys/${id}`, { body })
const every = (intervalSeconds: number | null) => ({ policy: { rotation: { intervalSeconds } } })
/** How long after a moment the next rotation is due, in milliseconds. */
const dueAfter = async (id: string, moment: string) =>
  Date.parse((await read(id)).nextRotationAt ?? '') - Date.parse(moment)
const makeDue = (id: string) =>
  t.bench.postgres.pool.query(`UPDATE api_keys SET next_rotation_at = now() - interval '1 s' WHERE id = $1`, [id])
const rotationsOf = async (keyId: string): Promise<Rotation[]> => {
  const { body } = await t.asRoot('GET', `/v1/rotations?keyId=${keyId}`)
  return z.object({ data: z.array(rotationSchema) }).parse(body).data
}

describe('the date of the next rotation', () => {
  it('follows the interval, from the making of the present secret', async () => {
    const { id } = await makeKey(t.asRoot, every(10 * 86_400))
    const { createdAt } = await read(id)
    expect(await dueAfter(id, createdAt)).toBeGreaterThan(9 * day)
    expect(await dueAfter(id, createdAt)).toBeLessThanOrEqual(10 * day)
    await patch(id, every(86_400))
    expect(await dueAfter(id, createdAt)).toBeGreaterThanOrEqual(0.9 * day)
    expect(await dueAfter(id, createdAt)).toBeLessThanOrEqual(day)
    await patch(id, { policy: { ...every(86_400).policy, onAnomaly: 'disable' } })
    expect(await dueAfter(id, createdAt)).toBeLessThanOrEqual(day)
    await patch(id, every(null))
    expect((await read(id)).nextRotationAt).toBeNull()
  })

  it('moves on with a rotation by hand', async () => {
    const { id } = await makeKey(t.asRoot, every(86_400))
    const before = (await read(id)).nextRotationAt
    const { finishedAt } = await t.rotate(id)
    expect((await read(id)).nextRotationAt).not.toBe(before)
    expect(await dueAfter(id, finishedAt ?? '')).toBeGreaterThanOrEqual(0.9 * day)
  })

  it('comes from the environment for a type, unless the key says never', async () => {
    const plain = await makeKey(t.asRoot, { type: 'integration' })
    const never = await makeKey(t.asRoot, { type: 'integration', ...every(null) })
    const own = await makeKey(t.asRoot, { type: 'integration', ...every(3600) })
    const ownDate = (await read(own.id)).nextRotationAt
    const { db } = t.bench.postgres
    const context = {
      db,
      actor: systemActor,
      requestId: 'test',
      now: Date.now,
      publishChanges: async () => {},
      signer: createTestSigner(),
    }
    expect(await assignDates(context, { integration: 30 * 86_400 })).toBe(1)
    const { createdAt } = await read(plain.id)
    expect(await dueAfter(plain.id, createdAt)).toBeGreaterThanOrEqual(29 * day)
    expect(await dueAfter(plain.id, createdAt)).toBeLessThanOrEqual(30 * day)
    expect((await read(never.id)).nextRotationAt).toBeNull()
    expect((await read(own.id)).nextRotationAt).toBe(ownDate)
  })

  it.each<[string, object, string]>([
    ['an emergency key', { type: 'emergency', ...every(3600) }, '/policy/rotation/intervalSeconds'],
    [
      'a schedule without a grace',
      { policy: { rotation: { intervalSeconds: 3600, graceSeconds: 0 } } },
      '/policy/rotation/graceSeconds',
    ],
    ['an interval of seconds', every(59), '/policy/rotation/intervalSeconds'],
  ])('is refused to %s', async (_, input, pointer) => {
    const answer = await t.asRoot('POST', '/v1/keys', { body: { type: 'service', name: 'x', ...input } })
    expect(answer).toMatchObject({ status: 400, body: { code: 'VALIDATION_FAILED', errors: [{ pointer }] } })
  })
})

describe('when the date has come', () => {
  it('the key is rotated once, with at most half the interval for a grace, and gets its next date', async () => {
    const { id, key } = await makeKey(t.asRoot, every(3600))
    await makeDue(id)
    await expect.poll(async () => (await rotationsOf(id))[0]?.state).toBe('completed')
    const [rotation, ...others] = await rotationsOf(id)
    expect(others).toEqual([])
    expect(rotation).toMatchObject({ kind: 'scheduled', requestedBy: null, fromVersion: 1, toVersion: 2 })
    const grace = Date.parse(rotation?.graceEndsAt ?? '') - Date.parse(rotation?.finishedAt ?? '')
    expect(grace).toBe(hour / 2)
    expect(await dueAfter(id, rotation?.finishedAt ?? '')).toBeGreaterThanOrEqual(0.9 * hour)
    expect(await t.validate(key)).toBe('VALID')
  })

  it('a key that cannot be rotated holds up no other', async () => {
    const broken = await makeKey(t.asRoot, every(3600))
    const other = await makeKey(t.asRoot, every(3600))
    const { pool } = t.bench.postgres
    await pool.query(`
      CREATE FUNCTION refuse() RETURNS trigger LANGUAGE plpgsql AS $$ BEGIN RAISE EXCEPTION 'not this one'; END $$;
      CREATE TRIGGER refuse BEFORE INSERT ON api_key_rotations FOR EACH ROW
        WHEN (NEW.key_id = '${broken.id}') EXECUTE FUNCTION refuse()`)
    await pool.query(`UPDATE api_keys SET next_rotation_at = now() - interval '1 h' WHERE id = $1`, [broken.id])
    await makeDue(other.id)
    await expect.poll(async () => (await rotationsOf(other.id))[0]?.state).toBe('completed')
    expect(await rotationsOf(broken.id)).toEqual([])
    const failed = async () => (await t.asRoot('GET', '/v1/jobs?queue=upkeep&state=failed')).text
    await expect.poll(failed).toContain('not this one')
    await pool.query('DROP TRIGGER refuse ON api_key_rotations')
    await expect.poll(async () => (await rotationsOf(broken.id))[0]?.state).toBe('completed')
  })

  it('a disabled key waits, one in its grace is postponed, and one that is dead has no date any more', async () => {
    const disabled = await makeKey(t.asRoot, every(3600))
    const inGrace = await makeKey(t.asRoot, every(3600))
    const revoked = await makeKey(t.asRoot, every(3600))
    await patch(disabled.id, { enabled: false })
    await t.rotate(inGrace.id)
    await t.asRoot('POST', `/v1/keys/${revoked.id}/revoke`, { body: {} })
    for (const { id } of [disabled, inGrace, revoked]) await makeDue(id)

    await expect.poll(async () => (await read(revoked.id)).nextRotationAt).toBeNull()
    await expect.poll(() => dueAfter(inGrace.id, new Date().toISOString())).toBeGreaterThan(0)
    expect(await rotationsOf(inGrace.id)).toHaveLength(1)
    expect(await rotationsOf(disabled.id)).toHaveLength(0)
    await patch(disabled.id, { enabled: true })
    await expect.poll(async () => (await rotationsOf(disabled.id))[0]?.state).toBe('completed')
  })
})
