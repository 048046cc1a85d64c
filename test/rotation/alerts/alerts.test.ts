import { type Alert, subjectOf } from '@momentry/shared/alerts/alert.ts'
import { afterAll, beforeAll, describe, expect, it } from 'vitest'
import { createClient, makeKey } from '../../api/client.ts'
import { breakRotations } from '../claims/trouble.ts'
import { keyOf, type RotationHarness, shareRotationHarness } from '../support.ts'

let t: RotationHarness
beforeAll(async () => {
  t = await shareRotationHarness()
})
afterAll(() => t.close())

const told = (type: Alert['type'], keyId: string) =>
  t.bench.alerts.filter((alert) => alert.type === type && subjectOf(alert) === keyId)

describe('rotation.completed', () => {
  it.each([
    ['manual', {}, /^manual rotation: secret 2 took over from 1, the old one stops at 20.*Z$/],
    ['forced', { forced: true }, /^forced rotation: secret 2 took over from 1$/],
  ])('tells of a rotation: %s', async (kind, request, explanation) => {
    const { id } = await makeKey(t.asRoot, { name: 'billing' })
    const rotation = await t.rotate(id, request)
    await expect.poll(() => told('rotation.completed', id)).toHaveLength(1)
    const { graceEndsAt } = rotation
    const about = { id: rotation.id, rotationId: rotation.id, keyName: 'billing', keyType: 'service', severity: 'low' }
    expect(told('rotation.completed', id)).toMatchObject([
      {
        data: {
          ...about,
          kind,
          fromVersion: 1,
          toVersion: 2,
          graceEndsAt,
          explanation: expect.stringMatching(explanation),
        },
      },
    ])
  })
})

describe('rotation.failed', () => {
  it('comes once, after all attempts; a person sees why, and can have it tried again', async () => {
    const { id, key: old } = await makeKey(t.asRoot)
    const mend = await breakRotations(t.stores.databaseUrl, id, 'no room for a secret')
    const rotationId = await t.request(id)
    // Attempts wait ever longer for each other: the second is made to be the last.
    await expect.poll(async () => (await t.read(rotationId)).error).not.toBeNull()
    expect(await t.read(rotationId)).toMatchObject({ finishedAt: null })
    await t.bench.postgres.pool.query('UPDATE jobs SET attempts = 5 WHERE key_id = $1', [id])
    const rotation = await t.reached(rotationId, 'failed')
    expect(rotation).toMatchObject({ error: 'no room for a secret', toVersion: null, claimable: false })
    const job = async () => (await t.asRoot('GET', `/v1/jobs/${rotation.jobId}`)).body
    await expect.poll(job).toMatchObject({ state: 'failed', attempts: 6, error: 'no room for a secret' })
    await expect.poll(() => told('rotation.failed', id)).toHaveLength(1)
    expect(told('rotation.failed', id)).toMatchObject([
      {
        data: {
          severity: 'high',
          rotationId: rotation.id,
          toVersion: null,
          explanation: expect.stringContaining('no room'),
        },
      },
    ])
    expect(await t.validate(old)).toBe('VALID')

    await mend()
    expect((await t.asRoot('POST', `/v1/jobs/${rotation.jobId}/retry`)).status).toBe(200)
    expect(await t.reached(rotation.id, 'completed')).toMatchObject({ error: null, fromVersion: 1, toVersion: 2 })
    await expect.poll(job).toMatchObject({ state: 'completed', attempts: 1, error: null })
    expect(keyOf(await createClient(t.api.url, old)('POST', '/v1/keys/self/claim'))).toMatch(/^mty_service_/)
  })
})
