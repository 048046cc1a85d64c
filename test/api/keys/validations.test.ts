import { pruneValidations } from '@momentry/shared/validations/prune.ts'
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

describe('GET /v1/validations', () => {
  it('counts how validations ended, written within seconds', async () => {
    const { key } = await makeKey(t.asRoot)
    for (let n = 0; n < 3; n += 1) await t.asAnyone('POST', '/v1/keys/validate', { body: { key } })
    await t.asAnyone('POST', '/v1/keys/validate', { body: { key: 'mty_nonsense' } })
    const totals = async () => (await t.asRoot('GET', '/v1/validations')).body
    await expect.poll(totals).toMatchObject({ totals: { VALID: 3, MALFORMED: 1 } })
  })

  it('adds up hours, with a bucket for each', async () => {
    const put = (minute: string, outcome: string, count: number) =>
      bench.postgres.pool.query('INSERT INTO validation_outcomes VALUES ($1, $2, $3)', [minute, outcome, count])
    await put('2026-01-05T12:00:00Z', 'VALID', 5)
    await put('2026-01-05T12:59:00Z', 'VALID', 7)
    await put('2026-01-05T12:59:00Z', 'EXPIRED', 1)
    await put('2026-01-05T14:00:00Z', 'VALID', 9)
    const query = 'from=2026-01-05T12:00:00Z&to=2026-01-05T14:00:00Z&interval=hour'
    expect((await t.asRoot('GET', `/v1/validations?${query}`)).body).toEqual({
      from: '2026-01-05T12:00:00.000Z',
      to: '2026-01-05T14:00:00.000Z',
      interval: 'hour',
      series: [
        { start: '2026-01-05T12:00:00.000Z', outcomes: { VALID: 12, EXPIRED: 1 } },
        { start: '2026-01-05T13:00:00.000Z', outcomes: {} },
      ],
      totals: { VALID: 12, EXPIRED: 1 },
    })
  })

  it.each([
    'from=2026-01-05T12:00:00Z&to=2026-01-05T12:00:00Z',
    'from=2020-01-01T00:00:00Z&to=2026-01-01T00:00:00Z',
    'interval=day',
    'from=yesterday',
  ])('refuses %s', async (query) => {
    const answer = await t.asRoot('GET', `/v1/validations?${query}`)
    expect(answer).toMatchObject({ status: 400, body: { code: 'VALIDATION_FAILED' } })
  })

  it('needs a key with keys:read', async () => {
    expect((await t.asAnyone('GET', '/v1/validations')).status).toBe(401)
    expect((await (await t.as('usage:write'))('GET', '/v1/validations')).status).toBe(403)
  })

  it('forgets what is older than 90 days', async () => {
    const day = 86_400_000
    const left = async () => {
      const query = 'from=2026-01-05T12:00:00Z&to=2026-01-05T15:00:00Z&interval=hour'
      return (await t.asRoot('GET', `/v1/validations?${query}`)).body
    }
    const fourteen = Date.UTC(2026, 0, 5, 14)
    expect(await pruneValidations(bench.postgres.db, fourteen + 90 * day)).toBe(3)
    expect(await left()).toMatchObject({ totals: { VALID: 9 } })
  })

  it('writes what is left where the process drains', async () => {
    await t.asAnyone('POST', '/v1/keys/validate', { body: { key: 'mty_last' } })
    await t.api.stop()
    const { rows } = await bench.postgres.pool.query(
      "SELECT sum(count)::int AS count FROM validation_outcomes WHERE outcome = 'MALFORMED'",
    )
    expect(rows).toEqual([{ count: 2 }])
  })
})
