import { type Alert, subjectOf } from '@momentry/shared/alerts/alert.ts'
import { tellExpiring } from '@momentry/shared/keys/schedule/tell-expiring.ts'
import { afterAll, beforeAll, describe, expect, it } from 'vitest'
import { makeKey } from '../../api/client.ts'
import { type Harness, shareHarness } from '../../api/harness.ts'
import { createWorkbench, type Workbench } from '../../support/workbench.ts'
import { createTestContext } from '../context.ts'

let t: Harness
let bench: Workbench
beforeAll(async () => {
  t = await shareHarness()
  bench = await createWorkbench(t.stores.env)
})
afterAll(async () => {
  await bench.close()
  await t.close()
})

const day = 86_400_000

describe('key.expiring', () => {
  const noticeSeconds = [7 * 86_400, 86_400]
  /** Tells by a clock so many days before an expiry. @returns how often a key was told of */
  async function tellBefore(expiresAt: number, days: number, keyId: string): Promise<Alert[]> {
    const sent: Alert[] = []
    const context = createTestContext(bench.postgres, () => expiresAt - days * day)
    await tellExpiring(context, { sendAlert: async (alert) => void sent.push(alert), noticeSeconds })
    return sent.filter((alert) => subjectOf(alert) === keyId)
  }
  async function countsBefore(expiresAt: number, keyId: string, ...days: number[]): Promise<number[]> {
    const counts: number[] = []
    for (const before of days) counts.push((await tellBefore(expiresAt, before, keyId)).length)
    return counts
  }
  const expiring = async (days: number) => {
    const expiresAt = Date.now() + days * day
    const { id } = await makeKey(t.asRoot, { expiresAt: new Date(expiresAt).toISOString() })
    return { id, expiresAt }
  }

  it('comes once per notice, and not once the key has expired', async () => {
    const { id, expiresAt } = await expiring(30)
    expect(await countsBefore(expiresAt, id, 8)).toEqual([0])
    const [week] = await tellBefore(expiresAt, 7, id)
    expect(await countsBefore(expiresAt, id, 6.9, 1.01)).toEqual([0, 0])
    const [lastDay] = await tellBefore(expiresAt, 1, id)
    expect(await countsBefore(expiresAt, id, 0.9, 0.0001, 0, -1)).toEqual([0, 0, 0, 0])
    for (const alert of [week, lastDay])
      expect(alert).toMatchObject({ data: { severity: 'medium', expiresAt: new Date(expiresAt).toISOString() } })
    expect(week?.data.id).not.toBe(lastDay?.data.id)
  })

  it('passes over notices that are longer than the key lives', async () => {
    const { id, expiresAt } = await expiring(2)
    expect(await countsBefore(expiresAt, id, 1.9, 1.1, 1, 0.5)).toEqual([0, 0, 1, 0])
    const brief = await expiring(0.5)
    expect(await countsBefore(brief.expiresAt, brief.id, 0.4, 0.1)).toEqual([0, 0])
  })

  it('comes again where the key was given a longer life, and not where it is revoked', async () => {
    const { id, expiresAt } = await expiring(30)
    expect(await countsBefore(expiresAt, id, 7)).toEqual([1])
    const later = expiresAt + 60 * day
    await t.asRoot('PATCH', `/v1/keys/${id}`, { body: { expiresAt: new Date(later).toISOString() } })
    expect(await countsBefore(expiresAt, id, 1)).toEqual([0])
    expect(await countsBefore(later, id, 7, 6)).toEqual([1, 0])
    await t.asRoot('POST', `/v1/keys/${id}/revoke`, { body: {} })
    expect(await countsBefore(later, id, 1)).toEqual([0])
  })
})
