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
let keyId: string
let otherId: string

const noon = Date.UTC(2026, 0, 5, 12)
const minute = 60_000
const at = (minutes: number, more: Partial<UsageEvent> = {}): UsageEvent => ({
  keyId,
  at: noon + minutes * minute + 30_000,
  ip: '192.0.2.1',
  status: 200,
  latencyMs: undefined,
  ...more,
})

beforeAll(async () => {
  t = await startHarness()
  bench = await createWorkbench(t.stores.env)
  keyId = (await makeKey(t.asRoot)).id
  otherId = (await makeKey(t.asRoot)).id
  const events = [
    at(-1),
    at(0, { latencyMs: 10 }),
    at(1, { status: 500, latencyMs: 30 }),
    at(59, { ip: '192.0.2.2' }),
    at(60, { ip: '2001:db8::1' }),
    at(61, { ip: undefined }),
    at(0, { keyId: otherId, ip: '192.0.2.9' }),
  ]
  // In two flushes, one of them twice: sums add up, and a flush that is repeated changes nothing.
  const flush = (flushId: string, part: UsageEvent[]) =>
    writeSums(bench.postgres.pool, { flushId, partition: 0, sums: toColumns(sumEvents(part)) })
  const second = createId()
  await flush(createId(), events.slice(0, 3))
  await flush(second, events.slice(3))
  await flush(second, events.slice(3))
})
afterAll(async () => {
  await bench.close()
  await t.close()
})

const range = 'from=2026-01-05T12:00:00Z&to=2026-01-05T14:00:00Z'

describe('GET /v1/keys/{id}/stats', () => {
  it('sums a range up, with a bucket for each interval', async () => {
    const { status, body } = await t.asRoot('GET', `/v1/keys/${keyId}/stats?${range}&interval=hour`)
    expect(status).toBe(200)
    expect(body).toEqual({
      from: '2026-01-05T12:00:00.000Z',
      to: '2026-01-05T14:00:00.000Z',
      interval: 'hour',
      totals: { requests: 5, errors: 1, addresses: 3, latencyMs: 20 },
      series: [
        { start: '2026-01-05T12:00:00.000Z', requests: 3, errors: 1 },
        { start: '2026-01-05T13:00:00.000Z', requests: 2, errors: 0 },
      ],
    })
  })

  it('cuts at minutes, and counts only the addresses of the range', async () => {
    const query = 'from=2026-01-05T12:59:00Z&to=2026-01-05T13:01:00Z&interval=minute'
    const { body } = await t.asRoot('GET', `/v1/keys/${keyId}/stats?${query}`)
    expect(body).toMatchObject({
      totals: { requests: 2, addresses: 2, latencyMs: null },
      series: [{ requests: 1 }, { requests: 1 }],
    })
  })

  it('gives days, and empty buckets where there was nothing', async () => {
    const query = 'from=2026-01-04T00:00:00Z&to=2026-01-07T00:00:00Z&interval=day'
    const { body } = await t.asRoot('GET', `/v1/keys/${keyId}/stats?${query}`)
    expect(body).toMatchObject({ series: [{ requests: 0 }, { requests: 6, errors: 1 }, { requests: 0 }] })
  })

  it('gives the last 24 hours where nothing else is asked for', async () => {
    const { body } = await t.asRoot('GET', `/v1/keys/${keyId}/stats`)
    expect(body).toMatchObject({ interval: 'hour', totals: { requests: 0, errors: 0, addresses: 0 } })
  })

  it.each([
    ['an empty range', 'from=2026-01-05T12:00:00Z&to=2026-01-05T12:00:00Z'],
    ['too many buckets', 'from=2020-01-01T00:00:00Z&to=2026-01-01T00:00:00Z&interval=minute'],
    ['another interval', 'interval=week'],
    ['a time that is none', 'from=yesterday'],
  ])('refuses %s', async (_what, query) => {
    const answer = await t.asRoot('GET', `/v1/keys/${keyId}/stats?${query}`)
    expect(answer).toMatchObject({ status: 400, body: { code: 'VALIDATION_FAILED' } })
  })

  it('knows no key that is not there', async () => {
    const answer = await t.asRoot('GET', '/v1/keys/00000000-0000-4000-8000-000000000000/stats')
    expect(answer).toMatchObject({ status: 404, body: { code: 'KEY_NOT_FOUND' } })
  })
})

describe('GET /v1/stats', () => {
  it('sums all keys up', async () => {
    const { body } = await t.asRoot('GET', `/v1/stats?${range}`)
    expect(body).toMatchObject({ totals: { requests: 6, errors: 1, addresses: 4 } })
  })

  it('needs a key with keys:read, as those of one key do', async () => {
    for (const path of ['/v1/stats', `/v1/keys/${keyId}/stats`]) {
      expect((await t.asAnyone('GET', path)).status).toBe(401)
      expect((await (await t.as('usage:write'))('GET', path)).status).toBe(403)
      expect((await (await t.as('keys:read'))('GET', path)).status).toBe(200)
    }
  })
})
