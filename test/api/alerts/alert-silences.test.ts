import { recordFinding } from '@momentry/shared/anomalies/record.ts'
import { createId } from '@momentry/shared/platform/id.ts'
import { afterAll, beforeAll, describe, expect, it } from 'vitest'
import { z } from 'zod'
import { makeAlert, tellAlert } from '../../support/alerts.ts'
import { createWorkbench, type Workbench } from '../../support/workbench.ts'
import { type Answer, codeOf, makeKey, pageOf } from '../client.ts'
import { type Harness, shareHarness } from '../harness.ts'

let t: Harness
let bench: Workbench
let keyId: string
beforeAll(async () => {
  t = await shareHarness()
  bench = await createWorkbench(t.stores.env)
  keyId = (await makeKey(t.asRoot, { name: 'watched', ownerId: 'team-payments' })).id
})
afterAll(async () => {
  await bench.close()
  await t.close()
})

const path = '/v1/alert-silences'
const idOf = (answer: Answer) => z.looseObject({ id: z.string() }).parse(answer.body).id
const create = (body: object) => t.asRoot('POST', path, { body })
const end = (id: string) => t.asRoot('DELETE', `${path}/${id}`)

/** Tells whether an alert goes on to sinks. */
async function goesFurther(data: Parameters<typeof makeAlert>[0]): Promise<boolean> {
  let further = false
  const published = bench.alerts.length
  await tellAlert(bench, makeAlert(data), async () => {
    further = true
  })
  await expect.poll(() => bench.alerts.length).toBe(published + 1)
  return further
}

describe('POST /v1/alert-silences', () => {
  it('keeps what matches from sinks, not from the channel, until it is ended', async () => {
    const made = await create({ owner: 'team-payments', rule: 'multiple_ips', forSeconds: 3600, reason: 'load test' })
    expect(made.status).toBe(201)
    expect(made.body).toMatchObject({
      ...{ state: 'active', keyId: null, owner: 'team-payments', rule: 'multiple_ips', type: null, anomalyId: null },
      ...{ reason: 'load test', createdBy: t.root.keyId },
    })
    expect(await goesFurther({ keyId })).toBe(false)
    expect(await goesFurther({ keyId, rule: 'unusual_time' })).toBe(true)
    expect((await end(idOf(made))).status).toBe(204)
    expect(await goesFurther({ keyId })).toBe(true)
  })

  it('can begin later, and is made once per Idempotency-Key', async () => {
    const startsAt = new Date(Date.now() + 3_600_000).toISOString()
    const body = { keyId, startsAt, forSeconds: 60 }
    const headers = { 'idempotency-key': createId() }
    const first = await t.asRoot('POST', path, { body, headers })
    expect(first.body).toMatchObject({ state: 'scheduled', startsAt })
    expect(await goesFurther({ keyId })).toBe(true)
    const again = await t.asRoot('POST', path, { body, headers })
    expect([again.body, again.headers.get('idempotency-replayed')]).toEqual([first.body, 'true'])
    expect((await end(idOf(first))).status).toBe(204)
  })

  it.each([
    [{}, 'VALIDATION_FAILED'],
    [{ forSeconds: 60 }, 'VALIDATION_FAILED'],
    [{ rule: 'x' }, 'VALIDATION_FAILED'],
    [{ rule: 'x', forSeconds: 59 }, 'VALIDATION_FAILED'],
    [{ rule: 'x', forSeconds: 60, endsAt: '2999-01-01T00:00:00Z' }, 'VALIDATION_FAILED'],
    [{ rule: 'x', endsAt: '2999-01-01T00:00:00Z' }, 'VALIDATION_FAILED'],
    [{ rule: 'x', endsAt: '2020-01-01T00:00:00Z' }, 'VALIDATION_FAILED'],
    [{ rule: 'x', startsAt: '2999-01-02T00:00:00Z', endsAt: '2999-01-01T00:00:00Z' }, 'VALIDATION_FAILED'],
    [{ type: 'unknown', forSeconds: 60 }, 'VALIDATION_FAILED'],
    [{ rule: 'two\nlines', forSeconds: 60 }, 'VALIDATION_FAILED'],
    [{ keyId: createId(), forSeconds: 60 }, 'KEY_NOT_FOUND'],
  ])('refuses %o with %s', async (body, code) => {
    expect(codeOf(await create(body))).toBe(code)
  })

  it('makes no more than 1,000 at a time', async () => {
    await bench.postgres.pool.query(
      `INSERT INTO alert_silences (id, rule, starts_at, ends_at, created_at)
       SELECT gen_random_uuid(), 'filler', now(), now() + interval '1 day', now() FROM generate_series(1, 1000)`,
    )
    expect(codeOf(await create({ rule: 'x', forSeconds: 60 }))).toBe('CONFLICT')
    await bench.postgres.pool.query(`DELETE FROM alert_silences WHERE rule = 'filler'`)
  })

  it('needs alerts:write', async () => {
    const body = { rule: 'x', forSeconds: 60 }
    expect((await t.asAnyone('POST', path, { body })).status).toBe(401)
    expect((await (await t.as('alerts:read', 'anomalies:write'))('POST', path, { body })).status).toBe(403)
  })
})

describe('GET and DELETE /v1/alert-silences', () => {
  it('lists by state and key, the newest first, and pages', async () => {
    const other = (await makeKey(t.asRoot)).id
    const ids = []
    for (let n = 0; n < 3; n += 1) ids.unshift(idOf(await create({ keyId: other, forSeconds: 600 })))
    const list = async (query: string) => pageOf(await t.asRoot('GET', `${path}?keyId=${other}&${query}`))
    expect((await list('')).ids).toEqual(ids)
    const first = await list('limit=2')
    expect([first.ids, (await list(`limit=2&cursor=${first.cursor}`)).ids]).toEqual([ids.slice(0, 2), ids.slice(2)])
    await end(ids[1] ?? '')
    expect((await list('state=ended')).ids).toEqual([ids[1]])
    expect((await list('state=active')).ids).toEqual([ids[0], ids[2]])
    expect((await list('state=scheduled')).ids).toEqual([])
    expect((await end(ids[1] ?? '')).status).toBe(204)
  })

  it('ends none that there is not, and needs the scopes', async () => {
    expect(codeOf(await end(createId()))).toBe('SILENCE_NOT_FOUND')
    const reader = await t.as('alerts:read')
    expect((await reader('GET', path)).status).toBe(200)
    expect((await reader('DELETE', `${path}/${createId()}`)).status).toBe(403)
  })

  it('is in the audit log', async () => {
    const { text } = await t.asRoot('GET', `/v1/audit?keyId=${keyId}`)
    expect(text).toContain('silence.created')
    expect(text).toContain('silence.ended')
  })
})

describe('POST /v1/anomalies/{id}/mute', () => {
  const insertAnomaly = async (rule = 'high_request_rate') => {
    const id = createId()
    await recordFinding(
      bench.postgres.pool,
      {
        ...{ kind: 'opened', id, keyId, rule, severity: 'high', observed: 2, threshold: 1, explanation: 'busy' },
        window: { start: 1_767_614_341, end: 1_767_614_400 },
      },
      new Date(),
    )
    return id
  }
  const mutedUntil = (answer: Answer) =>
    z.looseObject({ mutedUntil: z.string().nullable() }).parse(answer.body).mutedUntil

  it('silences its key and rule, shows until when, and takes the place of an earlier mute', async () => {
    const id = await insertAnomaly()
    const mute = (forSeconds: number) => t.asRoot('POST', `/v1/anomalies/${id}/mute`, { body: { forSeconds } })
    const long = await mute(7200)
    expect(long.status).toBe(200)
    expect(Date.parse(mutedUntil(long) ?? '')).toBeGreaterThan(Date.now() + 7_100_000)
    const short = await mute(600)
    const until = mutedUntil(short)
    expect(Date.parse(until ?? '')).toBeLessThan(Date.now() + 700_000)
    expect(await goesFurther({ keyId, rule: 'high_request_rate' })).toBe(false)
    expect(await goesFurther({ keyId, rule: 'multiple_ips' })).toBe(true)
    const listed = await t.asRoot('GET', `/v1/anomalies?keyId=${keyId}`)
    expect(listed.body).toMatchObject({ data: [{ id, mutedUntil: until }] })
    const settled = await t.asRoot('POST', `/v1/anomalies/${id}/acknowledge`, { body: {} })
    expect(mutedUntil(settled)).toBe(until)
    const { ids } = pageOf(await t.asRoot('GET', `${path}?keyId=${keyId}&state=active`))
    expect(ids.length).toBe(1)
    await end(ids[0] ?? '')
    expect((await t.asRoot('GET', `/v1/anomalies?keyId=${keyId}`)).body).toMatchObject({ data: [{ mutedUntil: null }] })
  })

  it('refuses what is none, and needs anomalies:write', async () => {
    const id = await insertAnomaly('multiple_ips')
    const mute = (of: string, body: object) => t.asRoot('POST', `/v1/anomalies/${of}/mute`, { body })
    expect(codeOf(await mute(createId(), { forSeconds: 60 }))).toBe('ANOMALY_NOT_FOUND')
    for (const body of [{}, { forSeconds: 0 }, { forSeconds: 60, until: 'x' }, { forSeconds: 99_999_999 }])
      expect(codeOf(await mute(id, body))).toBe('VALIDATION_FAILED')
    const reader = await t.as('anomalies:read', 'alerts:write')
    expect((await reader('POST', `/v1/anomalies/${id}/mute`, { body: { forSeconds: 60 } })).status).toBe(403)
  })
})
