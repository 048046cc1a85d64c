import { type Alert, subjectOf } from '@momentry/shared/alerts/alert.ts'
import { tellUnclaimed } from '@momentry/shared/rotation/upkeep/tell-unclaimed.ts'
import { afterAll, beforeAll, describe, expect, it } from 'vitest'
import { createClient, makeKey } from '../../api/client.ts'
import { createTestContext } from '../context.ts'
import { keyOf, type Rotation, type RotationHarness, shareRotationHarness } from '../support.ts'

let t: RotationHarness
beforeAll(async () => {
  t = await shareRotationHarness()
})
afterAll(() => t.close())

const claim = (secret: string) => createClient(t.api.url, secret)('POST', '/v1/keys/self/claim')

describe('rotation.unclaimed', () => {
  /** Tells by a clock at which a share of a rotation's grace has passed. @returns what was told of its key */
  async function tellAt({ finishedAt, graceEndsAt, keyId }: Rotation, percent: number): Promise<Alert[]> {
    const [start, end] = [Date.parse(finishedAt ?? ''), Date.parse(graceEndsAt ?? '')]
    const sent: Alert[] = []
    const context = createTestContext(t.bench.postgres, () => start + ((end - start) * percent) / 100)
    await tellUnclaimed(context, { sendAlert: async (alert) => void sent.push(alert) })
    return sent.filter((alert) => subjectOf(alert) === keyId)
  }
  async function severitiesAt(rotation: Rotation, ...percents: number[]) {
    const told: string[] = []
    for (const percent of percents) told.push((await tellAt(rotation, percent)).map(({ data }) => data.severity).join())
    return told
  }
  async function rotated(request: object = {}) {
    const { id, key: old } = await makeKey(t.asRoot)
    return { id, old, rotation: await t.rotate(id, request) }
  }

  it('comes at half and at nine tenths of the grace, once each', async () => {
    const { rotation } = await rotated()
    expect(await severitiesAt(rotation, 0, 49.9, 50, 50.1, 89.9)).toEqual(['', '', 'medium', '', ''])
    const [alert] = await tellAt(rotation, 90)
    const { id: rotationId, graceEndsAt } = rotation
    expect(alert).toMatchObject({
      type: 'rotation.unclaimed',
      data: { severity: 'high', rotationId, graceEndsAt, explanation: expect.stringContaining(graceEndsAt ?? '') },
    })
    expect(await severitiesAt(rotation, 90, 99.9, 100, 150)).toEqual(['', '', '', ''])
  })

  it('is one alert where both were missed, and each has an id of its own', async () => {
    const { rotation } = await rotated()
    expect(await severitiesAt(rotation, 95, 96)).toEqual(['high', ''])
    const { rotation: other } = await rotated()
    const [half] = await tellAt(other, 50)
    const [most] = await tellAt(other, 90)
    expect(new Set([half?.data.id, most?.data.id, other.id]).size).toBe(3)
  })

  it('counts from a grace as it is now', async () => {
    const { rotation } = await rotated()
    await t.asRoot('PATCH', `/v1/rotations/${rotation.id}`, { body: { graceSeconds: 3600 } })
    const changed = await t.read(rotation.id)
    expect(await severitiesAt(changed, 49, 50, 90)).toEqual(['', 'medium', 'high'])
  })

  it.each<[string, (made: { id: string; old: string; rotation: Rotation }) => Promise<unknown>]>([
    ['its holder has claimed it', ({ old }) => claim(old)],
    ['an operator has fetched it', ({ rotation }) => t.fetchSecret(rotation.id)],
    ['the key is revoked', ({ id }) => t.asRoot('POST', `/v1/keys/${id}/revoke`, { body: {} })],
    [
      'the grace was ended',
      ({ rotation }) => t.asRoot('PATCH', `/v1/rotations/${rotation.id}`, { body: { graceSeconds: 0 } }),
    ],
    ['a forced rotation came', ({ id }) => t.rotate(id, { forced: true })],
    [
      'it is in use',
      async ({ old, rotation }) => {
        await t.validate(keyOf(await claim(old)))
        await expect.poll(async () => (await t.read(rotation.id)).firstUsedAt).not.toBeNull()
      },
    ],
  ])('does not come where %s', async (_, change) => {
    const made = await rotated()
    await change(made)
    expect(await severitiesAt(made.rotation, 50, 90, 99)).toEqual(['', '', ''])
  })

  it('does not come after a forced rotation: nobody can claim', async () => {
    const { rotation } = await rotated({ forced: true })
    const start = Date.parse(rotation.finishedAt ?? '')
    const context = createTestContext(t.bench.postgres, () => start + 1000)
    const sent: Alert[] = []
    await tellUnclaimed(context, { sendAlert: async (alert) => void sent.push(alert) })
    expect(sent.filter((alert) => subjectOf(alert) === rotation.keyId)).toEqual([])
  })
})
