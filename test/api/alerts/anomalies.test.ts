import type { Finding } from '@momentry/shared/anomalies/finding.ts'
import { recordFinding } from '@momentry/shared/anomalies/record.ts'
import { createId } from '@momentry/shared/platform/id.ts'
import { afterAll, beforeAll, describe, expect, it } from 'vitest'
import { createWorkbench, type Workbench } from '../../support/workbench.ts'
import { makeKey, pageOf } from '../client.ts'
import { type Harness, shareHarness } from '../harness.ts'

let t: Harness
let bench: Workbench
let keyId: string
beforeAll(async () => {
  t = await shareHarness()
  bench = await createWorkbench(t.stores.env)
  keyId = (await makeKey(t.asRoot, { name: 'watched' })).id
})
afterAll(async () => {
  await bench.close()
  await t.close()
})

const detectedAt = Date.UTC(2026, 0, 5, 12)
async function record(more: Partial<Finding> = {}, at = detectedAt) {
  const finding: Finding = {
    kind: 'opened',
    id: createId(),
    keyId,
    rule: 'high_request_rate',
    severity: 'medium',
    observed: 1001,
    threshold: 1000,
    window: { start: 1_767_614_341, end: 1_767_614_400 },
    explanation: 'busy',
    ...more,
  }
  const alert = await recordFinding(bench.postgres.pool, finding, new Date(at))
  return { finding, alert }
}

describe('GET /v1/anomalies', () => {
  it('gives what the alert gave, and its state', async () => {
    const { finding, alert } = await record({ baseline: 0.5 })
    const { body } = await t.asRoot('GET', `/v1/anomalies?keyId=${keyId}`)
    expect(body).toMatchObject({
      data: [{ ...alert?.data, id: finding.id, keyName: 'watched', keyType: 'service', state: 'open', endedAt: null }],
      pagination: { cursor: null, hasMore: false },
    })
  })

  it('filters', async () => {
    const { finding } = await record({ rule: 'multiple_ips', severity: 'critical' }, detectedAt + 5000)
    const list = async (query: string) => pageOf(await t.asRoot('GET', `/v1/anomalies?keyId=${keyId}&${query}`)).ids
    const matching = [
      'rule=multiple_ips',
      'severity=critical',
      'from=2026-01-05T12:00:05Z',
      'state=open&rule=multiple_ips',
    ]
    for (const query of matching) expect(await list(query)).toEqual([finding.id])
    const others = ['rule=unusual_time', 'severity=low', 'state=resolved', 'to=2026-01-05T12:00:00Z']
    for (const query of others) expect(await list(query)).toEqual([])
    expect(pageOf(await t.asRoot('GET', `/v1/anomalies?keyId=${createId()}`)).ids).toEqual([])
  })

  it('pages from the newest to the oldest, also over rows of one moment', async () => {
    const made = await Promise.all(Array.from({ length: 5 }, () => record({}, detectedAt + 60_000)))
    const seen: string[] = []
    const all = `keyId=${keyId}&from=2026-01-05T12:01:00Z&limit=2`
    for (let query = all; ; ) {
      const { ids, cursor, hasMore } = pageOf(await t.asRoot('GET', `/v1/anomalies?${query}`))
      seen.push(...ids)
      if (!hasMore) break
      query = `${all}&cursor=${cursor}`
    }
    expect(seen).toHaveLength(5)
    expect([...seen].sort()).toEqual(made.map(({ finding }) => finding.id).sort())
  })

  it.each(['cursor=x', 'cursor=2026-01-05_x', 'rule=none', 'severity=none', 'limit=201', 'more=1'])(
    'refuses %s',
    async (query) => {
      expect(await t.asRoot('GET', `/v1/anomalies?${query}`)).toMatchObject({
        status: 400,
        body: { code: 'VALIDATION_FAILED' },
      })
    },
  )
})

describe('GET /v1/anomalies/{id}', () => {
  it('gives the same as the list', async () => {
    const { finding } = await record()
    const { status, body } = await t.asRoot('GET', `/v1/anomalies/${finding.id}`)
    expect(status).toBe(200)
    const { body: list } = await t.asRoot('GET', `/v1/anomalies?keyId=${keyId}`)
    expect(list).toMatchObject({ data: expect.arrayContaining([body]) })
  })

  it('answers 404 for one that is not there', async () => {
    expect(await t.asRoot('GET', `/v1/anomalies/${createId()}`)).toMatchObject({
      status: 404,
      body: { code: 'ANOMALY_NOT_FOUND' },
    })
  })
})

describe('an anomaly’s row', () => {
  it('is one however often and in whatever order its findings come', async () => {
    const { finding } = await record()
    const graver = { ...finding, kind: 'escalated', severity: 'high', observed: 2500 } as const
    await record({ ...graver })
    await record({ ...finding })
    await record({ ...graver, kind: 'ended', endedAt: finding.window.end + 60 })
    const rows = (await bench.anomalies()).filter(({ id }) => id === finding.id)
    expect(rows).toMatchObject([{ severity: 'high', endedAt: new Date((finding.window.end + 60) * 1000) }])
  })
})

describe('POST /v1/anomalies/{id}/acknowledge and /resolve', () => {
  it('note who did it and why, once, and in the audit log', async () => {
    const { finding } = await record()
    const acknowledge = () => t.asRoot('POST', `/v1/anomalies/${finding.id}/acknowledge`, { body: { note: 'looking' } })
    const first = await acknowledge()
    expect(first).toMatchObject({
      status: 200,
      body: { state: 'acknowledged', acknowledgedBy: t.root.keyId, note: 'looking', resolvedAt: null },
    })
    expect((await acknowledge()).body).toEqual(first.body)
    const resolved = await t.asRoot('POST', `/v1/anomalies/${finding.id}/resolve`, { body: {} })
    expect(resolved).toMatchObject({ body: { state: 'resolved', resolvedBy: t.root.keyId, note: 'looking' } })
    expect((await acknowledge()).body).toEqual(resolved.body)
    const audit = await t.asRoot('GET', `/v1/audit?keyId=${keyId}`)
    expect(audit.body).toMatchObject({
      data: [{ action: 'anomaly.resolved' }, { action: 'anomaly.acknowledged', reason: 'looking' }, {}],
    })
  })

  it('know no anomaly that is not there, and no id that is none', async () => {
    const path = `/v1/anomalies/${createId()}/resolve`
    expect(await t.asRoot('POST', path, { body: {} })).toMatchObject({
      status: 404,
      body: { code: 'ANOMALY_NOT_FOUND' },
    })
    expect((await t.asRoot('POST', '/v1/anomalies/x/resolve', { body: {} })).status).toBe(400)
  })

  it('need a key with anomalies:write, and the list one with anomalies:read', async () => {
    const { finding } = await record()
    const calls = [
      ['GET', '/v1/anomalies', 'anomalies:read', undefined],
      ['POST', `/v1/anomalies/${finding.id}/acknowledge`, 'anomalies:write', {}],
      ['POST', `/v1/anomalies/${finding.id}/resolve`, 'anomalies:write', {}],
    ] as const
    for (const [method, path, scope, body] of calls) {
      const options = body === undefined ? {} : { body }
      expect((await t.asAnyone(method, path, options)).status).toBe(401)
      expect((await (await t.as('keys:write'))(method, path, options)).status).toBe(403)
      expect((await (await t.as(scope))(method, path, options)).status).toBe(200)
    }
  })
})
